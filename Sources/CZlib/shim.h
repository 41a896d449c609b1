// zlib, and one function in place of its macro, which Swift cannot call.
#pragma once
#include <zlib.h>

// inflateInit2 is a macro that adds the version and the size of the stream that it was compiled for.
// Negative window bits mean deflate data without zlib's own header, as zip files hold it.
static inline int zlib_begin_raw_inflate(z_stream *stream) { return inflateInit2(stream, -15); }
