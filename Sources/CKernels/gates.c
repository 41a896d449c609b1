#include "gates.h"

#include <stdint.h>
#include <string.h>

#if defined(__x86_64__) && defined(__linux__)
// AVX-512, AVX2 with fused products, and what every processor has.
#define MULTIVERSIONED __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define MULTIVERSIONED
#endif

#define INLINE static inline __attribute__((always_inline))

// exp(y) − 1 for y from 0 to 80; NaN stays NaN. See Activation.swift for where it comes from.
INLINE float exponential_minus_one(float y) {
  const float shift = 12582912;
  const float shifted = y * 1.44269504f + shift;
  const float n = shifted - shift;
  const float r = (y - n * 0.693359375f) - n * -2.1219444e-4f;
  float p = 2.4801587e-5f;
  p = p * r + 1.984127e-4f;
  p = p * r + 1.3888889e-3f;
  p = p * r + 8.333334e-3f;
  p = p * r + 4.1666668e-2f;
  p = p * r + 0.16666667f;
  p = p * r + 0.5f;
  p = p * r * r + r;
  int32_t bits;
  memcpy(&bits, &shifted, sizeof bits);
  const uint32_t exponent = ((uint32_t)bits - 0x4b400000u + 127u) << 23;
  float power;
  memcpy(&power, &exponent, sizeof power);
  return power * p + (power - 1);
}

INLINE float hyperbolic_tangent(float x) {
  // Beyond 9.02 the nearest float is ±1. The comparison lets NaN pass.
  const float magnitude = x < 0 ? -x : x;
  const float e = exponential_minus_one((magnitude > 10 ? 10 : magnitude) * 2);
  const float result = e / (e + 2);
  return x < 0 ? -result : result;
}

INLINE float logistic(float x) {
  const float magnitude = x < 0 ? -x : x;
  const float e = exponential_minus_one(magnitude > 80 ? 80 : magnitude);
  return (x < 0 ? 1 : e + 1) / (e + 2);
}

// Adds to memory, or stores there.
#define GATHER(place, value, assigns) (place) = (value) + ((assigns) ? 0.0f : (place))

#define EACH(unit, first, end) \
  _Pragma("clang loop vectorize(assume_safety)") for (ptrdiff_t unit = first; unit < end; unit++)

// In the forward steps one loop computes what depends on sums alone, and the next what depends on
// that. In a single loop the processor waited for one unit's last gate before it began the next
// unit: 13 to 16 % of the step.

MULTIVERSIONED void gru_step(
    ptrdiff_t units, const float *inputs, const float *products, const float *bias,
    const float *before, float *state, float *gates) {
  EACH(i, 0, 2 * units) gates[i] = logistic(inputs[i] + products[i]);
  EACH(unit, 0, units) {
    const float update = gates[units + unit];
    const float inner = products[2 * units + unit] + bias[unit];
    const float candidate = hyperbolic_tangent(inputs[2 * units + unit] + gates[unit] * inner);
    gates[2 * units + unit] = candidate;
    gates[3 * units + unit] = inner;
    state[unit] = (1 - update) * candidate + update * before[unit];
  }
}

MULTIVERSIONED void gru_step_back(
    ptrdiff_t units, const float *gradient, const float *gates, const float *before, float *sums,
    float *inputs, float *past, bool first, bool assigning) {
  EACH(unit, 0, units) {
    const float state_gradient = gradient[unit];
    const float reset = gates[unit];
    const float update = gates[units + unit];
    const float candidate = gates[2 * units + unit];
    const float candidate_gradient = state_gradient * (1 - update) * (1 - candidate * candidate);
    const float update_gradient =
        state_gradient * (before[unit] - candidate) * update * (1 - update);
    const float reset_gradient = candidate_gradient * gates[3 * units + unit] * reset * (1 - reset);
    GATHER(sums[unit], reset_gradient, first);
    GATHER(sums[units + unit], update_gradient, first);
    GATHER(sums[2 * units + unit], candidate_gradient * reset, first);
    GATHER(inputs[unit], reset_gradient, assigning);
    GATHER(inputs[units + unit], update_gradient, assigning);
    GATHER(inputs[2 * units + unit], candidate_gradient, assigning);
    GATHER(past[unit], state_gradient * update, first);
  }
}

MULTIVERSIONED void lstm_step(
    ptrdiff_t units, const float *inputs, const float *products, const float *cell_before,
    float *cell, float *state, float *gates) {
  const ptrdiff_t candidates = 2 * units;
  const ptrdiff_t outputs = 3 * units;
  EACH(i, 0, candidates) gates[i] = logistic(inputs[i] + products[i]);
  EACH(i, candidates, outputs) gates[i] = hyperbolic_tangent(inputs[i] + products[i]);
  EACH(i, outputs, 4 * units) gates[i] = logistic(inputs[i] + products[i]);
  EACH(unit, 0, units) {
    const float sum =
        gates[units + unit] * cell_before[unit] + gates[unit] * gates[candidates + unit];
    const float squashed = hyperbolic_tangent(sum);
    gates[4 * units + unit] = squashed;
    cell[unit] = sum;
    state[unit] = gates[outputs + unit] * squashed;
  }
}

MULTIVERSIONED void lstm_step_back(
    ptrdiff_t units, const float *gradient, const float *cell_gradient, const float *gates,
    const float *cell_before, float *sums, float *inputs, float *past, bool first, bool assigning) {
  EACH(unit, 0, units) {
    const float state_gradient = gradient[unit];
    const float entry = gates[unit];
    const float forget = gates[units + unit];
    const float candidate = gates[2 * units + unit];
    const float output = gates[3 * units + unit];
    const float squashed = gates[4 * units + unit];
    const float whole_cell_gradient =
        cell_gradient[unit] + state_gradient * output * (1 - squashed * squashed);
    const float sum_gradients[4] = {
        whole_cell_gradient * candidate * entry * (1 - entry),
        whole_cell_gradient * cell_before[unit] * forget * (1 - forget),
        whole_cell_gradient * entry * (1 - candidate * candidate),
        state_gradient * squashed * output * (1 - output),
    };
    for (int gate = 0; gate < 4; gate++) {
      GATHER(sums[gate * units + unit], sum_gradients[gate], first);
      GATHER(inputs[gate * units + unit], sum_gradients[gate], assigning);
    }
    GATHER(past[unit], whole_cell_gradient * forget, first);
  }
}
