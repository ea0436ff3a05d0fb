/* Eight products side by side: every arithmetic step is made for all of them at once.
 *
 * The vector extensions of GCC and Clang split a vector that the processor lacks into those that it has,
 * so the same text compiles for AVX-512, AVX2, SSE2 and NEON. No lane ever looks at another. */

#ifndef INVENTORYAI_INTERMITTENT_LANES_H
#define INVENTORYAI_INTERMITTENT_LANES_H

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

/* Natural logarithm of normal positive numbers, within 1e-13: exponent, and a series for the rest. */
INLINE lanes logarithm(lanes x) {
    const marks root = (marks){0} + 0x3fe6a09e667f3bcd; /* of 1/2 */
    marks bits = (marks)x;
    marks exponent = (bits - root) >> 52;
    lanes mantissa = (lanes)(bits - (exponent << 52)); /* between the root of 1/2 and that of 2 */
    lanes s = (mantissa - 1) / (mantissa + 1), z = s * s;
    lanes series = all(1.0 / 17);
    for (int odd = 15; odd >= 1; odd -= 2) series = series * z + 1.0 / odd;
    return 2 * s * series + __builtin_convertvector(exponent, lanes) * 0.69314718055994530942;
}

/* e to the power of numbers up to 0, within 1e-15; what is below -700 is taken for that. */
INLINE lanes exponential(lanes x) {
    x = larger(x, all(-700));
    const lanes shift = all(6755399441055744.0); /* 1.5 · 2^52: its last bits take the nearest whole number */
    const lanes shifted = x * 1.4426950408889634 + shift, whole = shifted - shift;
    const lanes rest = (x - whole * 0.693147180369123816490) - whole * 1.90821492927058770002e-10;
    lanes series = all(1);
    for (int term = 13; term >= 1; term--) series = 1 + series * rest * (1.0 / term);
    return (lanes)((marks)series + (((marks)shifted - (marks)shift) << 52));
}

INLINE double sum_of(lanes one) {
    double sum = 0;
    for (int lane = 0; lane < LANES; lane++) sum += one[lane];
    return sum;
}

INLINE double largest_of(lanes one) {
    double largest = one[0];
    for (int lane = 1; lane < LANES; lane++) largest = one[lane] > largest ? one[lane] : largest;
    return largest;
}

#endif
