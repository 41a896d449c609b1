// Products of matrices with a right factor that is laid out once and used many times.
//
// Why not OpenBLAS alone: a level of a prefix tree is a product of few rows, 1 to about 120, with
// the same weights as the level before. sgemm lays the weights out anew at each call, which takes
// as long as 20 rows; and W_hh, of up to 4H × H numbers, is by far the larger factor. With
// weights laid out once per tree an epoch of an LSTM of 256 units took a quarter less time, and of
// 100 units a fifth.
//
// Every entry of a product is summed in the order of the inner index, whatever the number of rows
// and wherever the entry lies; with and without AVX-512 the bits are the same.

#ifndef PRODUCTS_H
#define PRODUCTS_H

#include <stdbool.h>
#include <stddef.h>

/// The generation of processors to compute for. The numbers are levels of the x86-64 instruction
/// set (x86-64-v1 to v4 of the System V ABI); level 2 has no wider vectors than 1, so that nothing
/// is compiled for it. `GENERATION_ANY` runs on every processor, those of ARM included.
enum processor_generation {
  GENERATION_ANY = 1,
  GENERATION_AVX2 = 3,
  GENERATION_AVX512 = 4,
};

/// The latest generation whose instructions this processor has.
enum processor_generation processor_generation(void);

/// How many floats a right factor of shape inner × columns takes once laid out: `inner` times
/// `columns` rounded up to a multiple of 16.
ptrdiff_t panels_size(ptrdiff_t inner, ptrdiff_t columns);

/// Lays out a right factor of shape inner × columns, whose rows start `row_stride` floats apart,
/// for products on a generation of processors. `panels` should be aligned to 64 bytes, for speed.
void lay_out_panels(
    enum processor_generation generation, ptrdiff_t inner, ptrdiff_t columns, const float *factor,
    ptrdiff_t row_stride, float *panels);

/// Lays out the transpose of a matrix of shape columns × inner as a right factor.
void lay_out_transposed_panels(
    enum processor_generation generation, ptrdiff_t inner, ptrdiff_t columns, const float *matrix,
    ptrdiff_t row_stride, float *panels);

/// How many floats ``lay_out_slices`` writes.
ptrdiff_t slices_size(ptrdiff_t inner, ptrdiff_t rows);

/// Lays out the transpose of a matrix of shape inner × rows as a left factor.
void lay_out_slices(
    ptrdiff_t inner, ptrdiff_t rows, const float *matrix, ptrdiff_t row_stride, float *slices);

/// Sets `target`, of shape rows × columns, to a left factor of shape rows × inner times a right
/// factor that was laid out; or adds the product to it.
void multiply_panels(
    enum processor_generation generation, ptrdiff_t rows, ptrdiff_t inner, ptrdiff_t columns,
    const float *left, ptrdiff_t left_stride, const float *panels, float *target,
    ptrdiff_t target_stride, bool adding);

/// Does the same with a left factor that was laid out, too.
void multiply_slices(
    enum processor_generation generation, ptrdiff_t rows, ptrdiff_t inner, ptrdiff_t columns,
    const float *slices, const float *panels, float *target, ptrdiff_t target_stride, bool adding);

#endif
