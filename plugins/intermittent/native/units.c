/* What demand is counted in; see `windows.py`. */

#include "tables.h"

#include <math.h>

#define TRUSTED 10
#define FINEST 1e-3
#define PARTS 200.0
#define MOST_UNITS 1e7
#define PASSES 12

/* What is to be known of a history to find its unit. */
struct sales {
    int times, pieces;         /* periods with sales, and whether all demand is whole numbers */
    double smallest, largest, sum;
};

CLONES static void look_through(const double *history, int periods, struct sales *to) {
    double smallest = INFINITY, largest = 0, sum = 0;
    int64_t times = 0, broken = 0;
    for (int time = 0; time < periods; time++) {
        const double demand = history[time] > 0 ? history[time] : 0; /* nor NaN */
        times += demand > 0, broken += demand != rint(demand), sum += demand;
        smallest = demand > 0 && demand < smallest ? demand : smallest;
        largest = demand > largest ? demand : largest;
    }
    *to = (struct sales){(int)times, broken == 0, times ? smallest : 1, largest, sum};
}

/* The least part of a unit that is left over anywhere, or infinity. */
CLONES static double least_rest(const double *history, int periods, double unit) {
    double least = INFINITY;
    for (int time = 0; time < periods; time++) {
        const double multiple = (history[time] > 0 ? history[time] : 0) / unit, rest = fabs(multiple - rint(multiple));
        const double allowed = 1e-6 * (1e-3 * multiple > 1 ? 1e-3 * multiple : 1);
        least = rest > allowed && rest < least ? rest : least;
    }
    return least;
}

/* Euclid's algorithm, from the smallest demand; 0 where it comes to no end. */
static double divisor_of(const double *history, int periods, const struct sales *sales) {
    double unit = sales->smallest;
    if (unit == 1 && sales->pieces) return unit;
    if (sales->largest >= MOST_UNITS * sales->smallest) return 0;
    for (int pass = 0; pass < PASSES; pass++) {
        const double least = least_rest(history, periods, unit);
        if (isinf(least)) return unit;
        unit *= least;
        if (unit <= FINEST * sales->smallest) return 0;
    }
    return 0;
}

static double unit_of(const double *history, int periods, unsigned char *whole) {
    struct sales sales;
    look_through(history, periods, &sales);
    const double divisor = divisor_of(history, periods, &sales);
    *whole = divisor > 0;
    if (sales.times >= TRUSTED || !sales.pieces) return divisor > 0 ? divisor : sales.sum / sales.times / PARTS;
    *whole = 1;
    return 1;
}

/* Eight histories into eight columns. */
CLONES static void count_columns(const double *histories, int periods, int count, const double *unit,
                                 const unsigned char *whole, int64_t products, double *counts, double *known) {
    for (int time = 0; time < periods; time++)
        for (int column = 0; column < count; column++) {
            const double demand = histories[(int64_t)column * periods + time];
            const double units = demand / unit[column], several = whole[column] ? rint(units) : units;
            counts[time * products + column] = demand == demand ? several : 0;
            known[time * products + column] = demand == demand;
        }
}

void count_units(const double *histories, int periods, int64_t products, double *counts, double *known, double *unit,
                 unsigned char *whole) {
    for (int64_t first = 0; first < products; first += LANES) {
        const int count = products - first < LANES ? (int)(products - first) : LANES;
        for (int64_t product = first; product < first + count; product++)
            unit[product] = unit_of(histories + product * periods, periods, &whole[product]);
        count_columns(histories + first * periods, periods, count, unit + first, whole + first, products,
                      counts + first, known + first);
    }
}
