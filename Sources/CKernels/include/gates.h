// The gates of GRU and LSTM cells, one state at a time.
//
// In C, because a C compiler can build a function for several generations of processors and pick
// the right one at run time; the same loops in Swift, which has to be built for the oldest, took a
// third of training. Everything else about them is in Swift, in LinearAlgebra's GateKernels.swift.

#ifndef GATES_H
#define GATES_H

#include <stdbool.h>
#include <stddef.h>

// `units` is H; each other argument points to as many numbers as are named in brackets. No two
// overlap, but that `state` may be `before`, and `cell` may be `cell_before`.

/// A step of a GRU: from inputs [3H], products [3H], bias of the last gate [H] and the state before
/// [H] to the state [H]; gates [4H] takes r, z, n and what r multiplied.
void gru_step(
    ptrdiff_t units, const float *inputs, const float *products, const float *bias,
    const float *before, float *state, float *gates);

/// The backward pass of that step: from ∂L/∂h `gradient` [H], gates [4H] and the state before [H]
/// to the derivatives with respect to products and bias, `sums` [3H], and inputs, `inputs` [3H],
/// and to what reaches the state before past the gates, `past` [H]. Where `first` (sums and past)
/// and `assigning` (inputs) say so they are stored, else added.
void gru_step_back(
    ptrdiff_t units, const float *gradient, const float *gates, const float *before, float *sums,
    float *inputs, float *past, bool first, bool assigning);

/// A step of an LSTM: from inputs [4H], products [4H] and the cell state before [H] to cell state
/// [H] and state [H]; gates [5H] takes i, f, g, o and tanh c.
void lstm_step(
    ptrdiff_t units, const float *inputs, const float *products, const float *cell_before,
    float *cell, float *state, float *gates);

/// The backward pass of that step: from ∂L/∂h `gradient` [H], ∂L/∂c `cell_gradient` [H], gates [5H]
/// and the cell state before [H] to the derivatives with respect to the sums inside the gates, in
/// `sums` [4H] and `inputs` [4H], and to what reaches the cell state before, `past` [H]. Where
/// `first` and `assigning` say so they are stored, else added, as by ``gru_step_back``.
void lstm_step_back(
    ptrdiff_t units, const float *gradient, const float *cell_gradient, const float *gates,
    const float *cell_before, float *sums, float *inputs, float *past, bool first, bool assigning);

#endif
