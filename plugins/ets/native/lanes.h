/* Eight products side by side: every arithmetic step is made for all of them at once.
 *
 * The vector extensions of GCC and Clang split a vector that the processor lacks into those that it has,
 * so the same text compiles for AVX-512, AVX2, SSE2 and NEON. No lane ever looks at another. */

#ifndef INVENTORYAI_ETS_LANES_H
#define INVENTORYAI_ETS_LANES_H

#include <stdint.h>

#define LANES 8

typedef double lanes __attribute__((vector_size(LANES * sizeof(double))));
typedef int64_t marks __attribute__((vector_size(LANES * sizeof(int64_t)))); /* all bits set where true */

#define INLINE static inline __attribute__((always_inline))

/* One copy of a function for each generation of processors, chosen when the module is loaded. */
#if defined(__x86_64__) && defined(__GLIBC__) && defined(__GNUC__) && !defined(__clang__) && __GNUC__ >= 12
#define CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CLONES
#endif

INLINE lanes all(double value) { return (lanes){0} + value; }

INLINE lanes pick(marks where, lanes yes, lanes no) {
    return (lanes)((where & (marks)yes) | (~where & (marks)no));
}

INLINE lanes larger(lanes one, lanes other) { return pick(one > other, one, other); }

INLINE lanes smaller(lanes one, lanes other) { return pick(one < other, one, other); }

INLINE int any(marks where) {
    int64_t found = 0;
    for (int lane = 0; lane < LANES; lane++) found |= where[lane];
    return found != 0;
}

/* Natural logarithm of normal positive numbers, within 1e-13: exponent, and a series for the rest. */
INLINE lanes logarithm(lanes x) {
    marks bits = (marks)x;
    const marks exponent_of_root = {0x3fe6a09e667f3bcd, 0x3fe6a09e667f3bcd, 0x3fe6a09e667f3bcd, 0x3fe6a09e667f3bcd,
                                    0x3fe6a09e667f3bcd, 0x3fe6a09e667f3bcd, 0x3fe6a09e667f3bcd, 0x3fe6a09e667f3bcd};
    marks exponent = (bits - exponent_of_root) >> 52;
    lanes mantissa = (lanes)(bits - (exponent << 52)); /* between the root of 1/2 and that of 2 */
    lanes s = (mantissa - 1) / (mantissa + 1), z = s * s;
    lanes series = all(1.0 / 17);
    for (int odd = 15; odd >= 1; odd -= 2) series = series * z + 1.0 / odd;
    return 2 * s * series + __builtin_convertvector(exponent, lanes) * 0.69314718055994530942;
}

#endif
