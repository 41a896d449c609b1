// OpenBLAS's C interface to BLAS, which Debian puts on the default include path, and what is used
// of the LAPACK in it, for which OpenBLAS installs no header.
#pragma once
#include <cblas.h>
#include <stddef.h>

// Eigenvalues and eigenvectors of a symmetric matrix, by divide and conquer. As for every Fortran
// procedure the lengths of the two strings come last.
void dsyevd_(
    const char *jobz, const char *uplo, const blasint *n, double *a, const blasint *lda, double *w,
    double *work, const blasint *lwork, blasint *iwork, const blasint *liwork, blasint *info,
    size_t jobzLength, size_t uploLength);
