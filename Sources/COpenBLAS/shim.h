// OpenBLAS's C interface to BLAS, which Debian puts on the default include path.
#pragma once
#include <cblas.h>
