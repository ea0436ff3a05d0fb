/* Running totals of sixteen products at a time: every step adds the entries that its ranks name, and sorts. */

#include "tables.h"

#include "bitonic.h"

#include <stdlib.h>
#include <string.h>

#define FEW 16

/* Tables side by side; spare columns repeat the last. */
static void take_columns(const struct totals *task, int64_t first, singles *tables) {
    const int cells = (task->phases < task->horizon ? task->phases : task->horizon) * PATHS;
    const float *values[COLUMNS];
    for (int column = 0; column < COLUMNS; column++) {
        const int64_t place = first + column < task->count ? first + column : task->count - 1;
        values[column] = task->values + task->products[place] * task->phases * PATHS;
    }
    /* A few rows at a time, which stay in the nearest cache. */
    for (int start = 0; start < cells; start += FEW)
        for (int column = 0; column < COLUMNS; column++)
            for (int cell = start; cell < start + FEW; cell++) tables[cell][column] = values[column][cell];
}

CLONES static void add_step(const singles *table, const int64_t *ranks, singles *sums, singles *sorted) {
    for (int path = 0; path < PATHS; path++) sorted[path] = sums[path] += table[ranks[path]];
}

static void hand_out(const struct totals *task, int64_t first, int step, const singles *sorted) {
    for (int column = 0; column < COLUMNS && first + column < task->count; column++) {
        double *const to = task->to + (task->products[first + column] * task->horizon + step) * task->levels;
        for (int level = 0; level < task->levels; level++) to[level] = sorted[task->places[level]][column];
    }
}

int sum_futures(const struct totals *task) {
    singles *block;
    const size_t rows = ((size_t)task->phases + 2) * PATHS;
    if (posix_memalign((void **)&block, sizeof(singles), rows * sizeof(singles))) return -1;
    singles *const sums = block, *const sorted = block + PATHS, *const tables = block + 2 * PATHS;
    for (int64_t first = 0; first < task->count; first += COLUMNS) {
        take_columns(task, first, tables);
        memset(sums, 0, PATHS * sizeof *sums);
        for (int step = 0; step < task->horizon; step++) {
            add_step(tables + step % task->phases * PATHS, task->ranks + (int64_t)step * PATHS, sums, sorted);
            sort_rows(sorted, PATHS);
            hand_out(task, first, step, sorted);
        }
    }
    free(block);
    return 0;
}
