/* Batcher's bitonic network (1968), without a list of pairs: a block of rows at a time is sorted in registers,
 * and where rows further apart are compared, two rounds are made of what is loaded once. */

#include "bitonic.h"

/* Nothing here is NaN, and either zero will do: so comparing two numbers is one instruction each way. All is
 * unrolled by hand, and GCC's third level only takes four times as long over it. */
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("O2", "finite-math-only", "no-signed-zeros")
#endif

/* GCC turns what is written lane by lane into the processor's minimum and maximum; Clang has words for them. */
INLINE void exchange(singles *one, singles *other) {
    const singles first = *one, second = *other;
#if defined(__clang__)
    *one = __builtin_elementwise_min(first, second);
    *other = __builtin_elementwise_max(first, second);
#else
    singles low, high;
    for (int lane = 0; lane < COLUMNS; lane++) {
        low[lane] = first[lane] < second[lane] ? first[lane] : second[lane];
        high[lane] = first[lane] > second[lane] ? first[lane] : second[lane];
    }
    *one = low;
    *other = high;
#endif
}

/* One round within a block: each row against the one `apart` further on, or against its mirror image. */
INLINE void round_in_block(singles *rows, const int apart, const int mirrored) {
#pragma GCC unroll 16
    for (int row = 0; row < BLOCK; row++) {
        const int other = mirrored ? row ^ (2 * apart - 1) : row ^ apart;
        if (other > row) exchange(&rows[row], &rows[other]);
    }
}

/* Sorts the rows of a block, or finishes one whose halves are told apart already. */
INLINE void sort_block(singles *from, const int whole) {
    singles rows[BLOCK];
#pragma GCC unroll 16
    for (int row = 0; row < BLOCK; row++) rows[row] = from[row];
    if (whole) {
        round_in_block(rows, 1, 1);
        round_in_block(rows, 2, 1), round_in_block(rows, 1, 0);
        round_in_block(rows, 4, 1), round_in_block(rows, 2, 0), round_in_block(rows, 1, 0);
        round_in_block(rows, 8, 1);
    } else {
        round_in_block(rows, 8, 0);
    }
    round_in_block(rows, 4, 0), round_in_block(rows, 2, 0), round_in_block(rows, 1, 0);
#pragma GCC unroll 16
    for (int row = 0; row < BLOCK; row++) from[row] = rows[row];
}

/* Two rounds at once: rows 2 `apart` from each other, then `apart`. */
INLINE void two_rounds(singles *rows, int apart) {
    for (int row = 0; row < apart; row++) {
        singles a = rows[row], b = rows[row + apart], c = rows[row + 2 * apart], d = rows[row + 3 * apart];
        exchange(&a, &c), exchange(&b, &d), exchange(&a, &b), exchange(&c, &d);
        rows[row] = a, rows[row + apart] = b, rows[row + 2 * apart] = c, rows[row + 3 * apart] = d;
    }
}

/* Two rounds at once, the first of which compares mirror images: two sorted halves become one bitonic row. */
INLINE void fold(singles *rows, int size) {
    const int apart = size / 4;
    for (int row = 0; row < apart; row++) {
        singles *const last = rows + size - 1 - row;
        singles a = rows[row], b = rows[row + apart], c = last[-apart], d = last[0];
        exchange(&a, &d), exchange(&b, &c), exchange(&a, &b), exchange(&c, &d);
        rows[row] = a, rows[row + apart] = b, last[-apart] = c, last[0] = d;
    }
}

/* From sorted halves to a sorted whole of `size` rows, at least two blocks. */
INLINE void merge(singles *rows, int size) {
    int apart = size / 8;      /* the rounds of size / 2 and size / 4 are made by folding */
    if (size == 2 * BLOCK)
        for (int row = 0; row < BLOCK; row++) exchange(&rows[row], &rows[size - 1 - row]);
    else
        fold(rows, size);
    for (; apart >= 2 * BLOCK; apart /= 4)
        for (int first = 0; first < size; first += 2 * apart) two_rounds(rows + first, apart / 2);
    if (apart == BLOCK)
        for (int first = 0; first < size; first += 2 * BLOCK)
            for (int row = first; row < first + BLOCK; row++) exchange(&rows[row], &rows[row + BLOCK]);
    for (int first = 0; first < size; first += BLOCK) sort_block(rows + first, 0);
}

CLONES void sort_rows(singles *rows, int count) {
    for (int first = 0; first < count; first += BLOCK) sort_block(rows + first, 1);
    for (int size = 2 * BLOCK; size <= count; size *= 2)
        for (int first = 0; first < count; first += size) merge(rows + first, size);
}
