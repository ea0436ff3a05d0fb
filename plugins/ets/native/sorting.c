#include "sorting.h"

#include <stdlib.h>

/* Batcher (1968), Sorting networks and their applications; pairs beyond the end would compare with infinity. */
static int pairs_of(int length, uint16_t (*pairs)[2]) {
    int count = 0;
    for (int merged = 1; merged < length; merged *= 2)
        for (int apart = merged; apart >= 1; apart /= 2)
            for (int first = apart % merged; first + apart < length; first += 2 * apart)
                for (int low = first; low < first + apart && low + apart < length; low++)
                    if (low / (2 * merged) == (low + apart) / (2 * merged)) {
                        if (pairs) pairs[count][0] = (uint16_t)low, pairs[count][1] = (uint16_t)(low + apart);
                        count++;
                    }
    return count;
}

int plan_exchanges(int length, struct exchanges *plan) {
    plan->length = length;
    plan->count = pairs_of(length, 0);
    plan->pairs = malloc(((size_t)plan->count + 1) * sizeof *plan->pairs);
    if (!plan->pairs) return -1;
    pairs_of(length, plan->pairs);
    return 0;
}

void forget_exchanges(struct exchanges *plan) { free(plan->pairs); }
