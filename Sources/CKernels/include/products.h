// Products of matrices with a right factor that is laid out once and used many times.
//
// Why not OpenBLAS alone: a level of a prefix tree is a product of few rows, 1 to about 120, with the
// same weights as the level before. sgemm lays the weights out anew at each call, which takes as long
// as 20 rows; and W_hh, of up to 4H × H numbers, is by far the larger factor. With weights laid out
// once per tree an epoch of an LSTM of 256 units took a quarter less time, and of 100 units a fifth.
//
// Every entry of a product is summed in the order of the inner index, whatever the number of rows and
// wherever the entry lies; with and without AVX-512 the bits are the same.

#ifndef PRODUCTS_H
#define PRODUCTS_H

#include <stdbool.h>

/// The generation of processors to compute for.
enum processor_generation {
  GENERATION_ANY = 1,
  GENERATION_AVX2 = 3,
  GENERATION_AVX512 = 4,
};

/// The latest generation whose instructions this processor has.
enum processor_generation processor_generation(void);

/// How many floats a right factor takes once laid out, `inner` × `columns` rounded up.
long panels_size(long inner, long columns);

/// Lays out a right factor of shape inner × columns for products on a generation of processors, whose rows start `row_stride` floats apart.
/// `panels` should be aligned to 64 bytes, for speed.
void lay_out_panels(
    enum processor_generation generation, long inner, long columns, const float *factor,
    long row_stride, float *panels);

/// Lays out the transpose of a matrix of shape columns × inner.
void lay_out_transposed_panels(
    enum processor_generation generation, long inner, long columns, const float *matrix,
    long row_stride, float *panels);

/// How many floats ``lay_out_slices`` writes.
long slices_size(long inner, long rows);

/// Lays out the transpose of a matrix of shape inner × rows as a left factor.
void lay_out_slices(
    long inner, long rows, const float *matrix, long row_stride, float *slices);

/// Sets `target`, of shape rows × columns, to a left factor of shape rows × inner times a right factor
/// that was laid out; or adds the product to it.
void multiply_panels(
    enum processor_generation generation, long rows, long inner, long columns, const float *left,
    long left_stride, const float *panels, float *target, long target_stride, bool adding);

/// The same with a left factor that was laid out, too.
void multiply_slices(
    enum processor_generation generation, long rows, long inner, long columns,
    const float *slices, const float *panels, float *target, long target_stride, bool adding);

#endif
