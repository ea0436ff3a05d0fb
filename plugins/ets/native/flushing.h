/* Fading numbers end in ones too small for the fast path of x86; they are as good as 0. */

#ifndef INVENTORYAI_ETS_FLUSHING_H
#define INVENTORYAI_ETS_FLUSHING_H

#if defined(__SSE2__)
#include <immintrin.h>
#endif

/* Takes such numbers for 0 from now on, in this thread; the answer is how it was before. */
static inline unsigned flush_smallest(void) {
#if defined(__SSE2__)
    const unsigned before = _mm_getcsr();
    _mm_setcsr(before | 0x8040);
    return before;
#else
    return 0;
#endif
}

static inline void keep_smallest(unsigned before) {
#if defined(__SSE2__)
    _mm_setcsr(before);
#else
    (void)before;
#endif
}

#endif
