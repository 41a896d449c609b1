#include "products.h"

#include <stddef.h>
#include <string.h>

#define INLINE static inline __attribute__((always_inline))
// A loop whose number of turns the compiler knows, written out.
#define UNROLLED(index, count) \
  _Pragma("clang loop unroll(full)") for (int index = 0; index < count; index++)

// A right factor is cut into panels of as many columns as a tile has: 64 with AVX-512, 16 without.
// The last panel is as wide as the least multiple of 16 that holds its columns, filled up with
// zeros. Within a panel the row for inner index 0 comes first, then that for 1, and so on. A left
// factor that is laid out is cut into slices of 6 rows in the same way.
enum { STRIP = 16, SLICE = 6 };

INLINE ptrdiff_t least(ptrdiff_t a, ptrdiff_t b) { return a < b ? a : b; }

INLINE ptrdiff_t panel_columns(enum processor_generation generation) {
  return generation == GENERATION_AVX512 ? 4 * STRIP : STRIP;
}

INLINE ptrdiff_t rounded_up(ptrdiff_t columns) { return (columns + STRIP - 1) / STRIP * STRIP; }

ptrdiff_t panels_size(ptrdiff_t inner, ptrdiff_t columns) { return inner * rounded_up(columns); }

ptrdiff_t slices_size(ptrdiff_t inner, ptrdiff_t rows) {
  return inner * ((rows + SLICE - 1) / SLICE * SLICE);
}

void lay_out_panels(
    enum processor_generation generation, ptrdiff_t inner, ptrdiff_t columns, const float *factor,
    ptrdiff_t row_stride, float *panels) {
  const ptrdiff_t most = panel_columns(generation);
  for (ptrdiff_t column = 0; column < columns; column += most) {
    const ptrdiff_t count = least(columns - column, most);
    const ptrdiff_t width = rounded_up(count);
    for (ptrdiff_t k = 0; k < inner; k++, panels += width) {
      memcpy(panels, factor + k * row_stride + column, count * sizeof *panels);
      memset(panels + count, 0, (width - count) * sizeof *panels);
    }
  }
}

void lay_out_slices(
    ptrdiff_t inner, ptrdiff_t rows, const float *matrix, ptrdiff_t row_stride, float *slices) {
  // Whole rows of the matrix are read one after the other, since they lie further apart.
  for (ptrdiff_t k = 0; k < inner; k++) {
    const float *source = matrix + k * row_stride;
    float *slice = slices + k * SLICE;
    ptrdiff_t row = 0;
    for (; row + SLICE <= rows; row += SLICE, slice += inner * SLICE)
      memcpy(slice, source + row, SLICE * sizeof *slice);
    for (ptrdiff_t i = 0; row + i < rows; i++) slice[i] = source[row + i];
  }
}

typedef float lanes4 __attribute__((vector_size(16), aligned(4)));
typedef float lanes8 __attribute__((vector_size(32), aligned(4)));
typedef float lanes16 __attribute__((vector_size(64), aligned(4)));

#define SHUFFLE __builtin_shufflevector

// Four rows of four numbers from `source`, as four columns of `target`.
INLINE void transpose4(
    const float *source, ptrdiff_t row_stride, float *target, ptrdiff_t target_stride) {
  lanes4 row[4];
  UNROLLED(i, 4) row[i] = *(const lanes4 *)(source + i * row_stride);
  const lanes4 low01 = SHUFFLE(row[0], row[1], 0, 4, 1, 5);
  const lanes4 low23 = SHUFFLE(row[2], row[3], 0, 4, 1, 5);
  const lanes4 high01 = SHUFFLE(row[0], row[1], 2, 6, 3, 7);
  const lanes4 high23 = SHUFFLE(row[2], row[3], 2, 6, 3, 7);
  *(lanes4 *)target = SHUFFLE(low01, low23, 0, 1, 4, 5);
  *(lanes4 *)(target + target_stride) = SHUFFLE(low01, low23, 2, 3, 6, 7);
  *(lanes4 *)(target + 2 * target_stride) = SHUFFLE(high01, high23, 0, 1, 4, 5);
  *(lanes4 *)(target + 3 * target_stride) = SHUFFLE(high01, high23, 2, 3, 6, 7);
}

void lay_out_transposed_panels(
    enum processor_generation generation, ptrdiff_t inner, ptrdiff_t columns, const float *matrix,
    ptrdiff_t row_stride, float *panels) {
  const ptrdiff_t most = panel_columns(generation);
  for (ptrdiff_t column = 0; column < columns; column += most) {
    const ptrdiff_t count = least(columns - column, most);
    const ptrdiff_t width = rounded_up(count);
    const float *source = matrix + column * row_stride;
    // A strip at a time: the rows of a whole panel, far apart, would push one another out of the
    // cache.
    for (ptrdiff_t strip = 0; strip < width; strip += STRIP)
      for (ptrdiff_t k = 0; k < inner; k += 4) {
        float *target = panels + k * width;
        ptrdiff_t j = strip;
        if (k + 4 <= inner)
          for (; j + 4 <= least(count, strip + STRIP); j += 4)
            transpose4(source + j * row_stride + k, row_stride, target + j, width);
        for (; j < strip + STRIP; j++)
          for (ptrdiff_t i = 0; i < least(inner - k, 4); i++)
            target[i * width + j] = j < count ? source[j * row_stride + k + i] : 0;
      }
    panels += inner * width;
  }
}

/// Where one tile of a product lies: up to 6 rows, and up to 64 columns of one panel.
struct tile {
  int rows;
  ptrdiff_t columns, inner;
  const float *left;
  ptrdiff_t left_row, left_inner;  // from one row to the next, and from one inner index to the next
  const float *panel;
  ptrdiff_t panel_width;
  float *target;
  ptrdiff_t target_stride;
  bool adding;
};

// Rows × vectors sums stay in registers while the inner index runs: 6 × 4 vectors of AVX-512 take
// 24 of 32, 6 × 2 of AVX2 12 of 16. `rows` and `vectors` are constants wherever this is inlined.
#define DEFINE_TILE(lanes, count)                                               \
  INLINE void tile_of_##lanes(const struct tile *tile, int rows, int vectors) { \
    const float *left = tile->left;                                             \
    const float *panel = tile->panel;                                           \
    const ptrdiff_t left_row = tile->left_row;                                  \
    lanes sums[SLICE][4];                                                       \
    UNROLLED(i, rows)                                                           \
      UNROLLED(j, vectors) sums[i][j] = (lanes){0};                             \
    for (ptrdiff_t k = 0; k < tile->inner; k++) {                               \
      lanes weights[4];                                                         \
      UNROLLED(j, vectors) weights[j] = *(const lanes *)(panel + j * count);    \
      UNROLLED(i, rows)                                                         \
        UNROLLED(j, vectors) sums[i][j] += left[i * left_row] * weights[j];     \
      left += tile->left_inner;                                                 \
      panel += tile->panel_width;                                               \
    }                                                                           \
    UNROLLED(i, rows) {                                                         \
      float *row = tile->target + i * tile->target_stride;                      \
      if (tile->columns >= vectors * count) {                                   \
        UNROLLED(j, vectors) {                                                  \
          lanes *place = (lanes *)(row + j * count);                            \
          *place = tile->adding ? *place + sums[i][j] : sums[i][j];             \
        }                                                                       \
      } else {                                                                  \
        float rest[4 * count];                                                  \
        memcpy(rest, sums[i], sizeof(lanes) * vectors);                         \
        for (ptrdiff_t c = 0; c < tile->columns; c++)                           \
          row[c] = tile->adding ? row[c] + rest[c] : rest[c];                   \
      }                                                                         \
    }                                                                           \
  }

#define WITH_ROWS(lanes, vectors)                      \
  switch (tile->rows) {                                \
    case 6: tile_of_##lanes(tile, 6, vectors); break;  \
    case 5: tile_of_##lanes(tile, 5, vectors); break;  \
    case 4: tile_of_##lanes(tile, 4, vectors); break;  \
    case 3: tile_of_##lanes(tile, 3, vectors); break;  \
    case 2: tile_of_##lanes(tile, 2, vectors); break;  \
    default: tile_of_##lanes(tile, 1, vectors); break; \
  }

DEFINE_TILE(lanes4, 4)

static void multiply_tile_any(const struct tile *tile) { WITH_ROWS(lanes4, 2) }

#if defined(__x86_64__)
DEFINE_TILE(lanes8, 8)
DEFINE_TILE(lanes16, 16)

__attribute__((target("arch=x86-64-v3"))) static void multiply_tile_avx2(const struct tile *tile) {
  WITH_ROWS(lanes8, 2)
}

// Without the second attribute clang cuts vectors in half, and runs out of registers.
__attribute__((target("arch=x86-64-v4"), min_vector_width(512))) static void multiply_tile_avx512(
    const struct tile *tile) {
  switch (tile->panel_width / STRIP) {
    case 4: WITH_ROWS(lanes16, 4) break;
    case 3: WITH_ROWS(lanes16, 3) break;
    case 2: WITH_ROWS(lanes16, 2) break;
    default: WITH_ROWS(lanes16, 1) break;
  }
}
#endif

enum processor_generation processor_generation(void) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("x86-64-v4")) return GENERATION_AVX512;
  if (__builtin_cpu_supports("x86-64-v3")) return GENERATION_AVX2;
#endif
  return GENERATION_ANY;
}

// The tile of one slice of rows and one panel. Without AVX2, tiles of half the columns, in turns.
INLINE void multiply_slice(enum processor_generation generation, struct tile tile) {
#if defined(__x86_64__)
  if (generation == GENERATION_AVX512) return multiply_tile_avx512(&tile);
  if (generation == GENERATION_AVX2) return multiply_tile_avx2(&tile);
#endif
  for (; tile.columns > 0; tile.columns -= 8, tile.panel += 8, tile.target += 8)
    multiply_tile_any(&tile);
}

// `left_slice` is the distance from one slice of six rows to the next.
INLINE void multiply(
    enum processor_generation generation, ptrdiff_t rows, ptrdiff_t inner, ptrdiff_t columns,
    const float *left, ptrdiff_t left_row, ptrdiff_t left_inner, ptrdiff_t left_slice,
    const float *panels, float *target, ptrdiff_t target_stride, bool adding) {
  const ptrdiff_t most = panel_columns(generation);
  for (ptrdiff_t column = 0; column < columns; column += most) {
    const ptrdiff_t count = least(columns - column, most);
    const ptrdiff_t width = rounded_up(count);
    for (ptrdiff_t row = 0; row < rows; row += SLICE) {
      const struct tile tile = {
          .rows = (int)least(rows - row, SLICE),
          .columns = count,
          .inner = inner,
          .left = left + row / SLICE * left_slice,
          .left_row = left_row,
          .left_inner = left_inner,
          .panel = panels,
          .panel_width = width,
          .target = target + row * target_stride + column,
          .target_stride = target_stride,
          .adding = adding,
      };
      multiply_slice(generation, tile);
    }
    panels += inner * width;
  }
}

void multiply_panels(
    enum processor_generation generation, ptrdiff_t rows, ptrdiff_t inner, ptrdiff_t columns,
    const float *left, ptrdiff_t left_stride, const float *panels, float *target,
    ptrdiff_t target_stride, bool adding) {
  multiply(
      generation, rows, inner, columns, left, left_stride, 1, SLICE * left_stride, panels, target,
      target_stride, adding);
}

void multiply_slices(
    enum processor_generation generation, ptrdiff_t rows, ptrdiff_t inner, ptrdiff_t columns,
    const float *slices, const float *panels, float *target, ptrdiff_t target_stride, bool adding) {
  multiply(
      generation, rows, inner, columns, slices, 1, SLICE, SLICE * inner, panels, target,
      target_stride, adding);
}
