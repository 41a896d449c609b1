// OpenBLAS's C interface to BLAS. Debian puts it on the default include path; LAPACK's
// Fortran entry points are declared here because LAPACKE's header is a package of its own.
#pragma once
#include <cblas.h>

// Eigenvalues and eigenvectors of a symmetric matrix, by divide and conquer.
// https://netlib.org/lapack/explore-html (dsyevd); the two trailing lengths are those
// that Fortran compilers pass for character arguments.
void dsyevd_(const char *jobz, const char *uplo, const int *n, double *a, const int *lda,
             double *w, double *work, const int *lwork, int *iwork, const int *liwork,
             int *info, unsigned long jobz_length, unsigned long uplo_length);
