/* The door to Python: arrays come and go as buffers, and the kernel runs without the interpreter's lock. */

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <stdlib.h>

#include "../flushing.h"
#include "theta.h"

#define PLANS 5                /* to sort 32, 64 … 512 errors */
#define GIVEN 5
#define ANSWERED 3

static int predict_group(const struct histories *from, const int64_t *products, int count, const struct task *task,
                         struct answers *to) {
    struct columns columns;
    struct present present;
    lanes *block;
    if (lay_out(from, products, count, &columns)) return -1;
    const size_t periods = (size_t)columns.periods + 1, paths = (size_t)task->paths;
    const size_t errors = 2 * REMEMBERED > 3 * paths ? 2 * REMEMBERED : 3 * paths;
    if (posix_memalign((void **)&block, sizeof(lanes), (5 * periods + paths + errors) * sizeof(lanes))) {
        put_away(&columns);
        return -1;
    }
    lanes *const ratios = block + 4 * periods, *const table = ratios + periods, *const scratch = table + paths;
    struct past past = {.columns = &columns,
                        .season = from->season,
                        .demand = block,
                        .intercept = block + periods,
                        .slope = block + 2 * periods,
                        .judged = block + 3 * periods};
    take_season(&columns, past.season, past.demand, &past.seasons);
    look_back(&past);
    const struct model model = fit_theta(&past);
    follow_theta(&past, &model, ratios, &present);
    tabulate_ratios(&past, ratios, task, scratch, table);
    simulate_theta(&past, &model, &present, table, task, scratch, products, count, to);
    free(block);
    put_away(&columns);
    return 0;
}

static int predict_all(const struct histories *from, const int64_t *products, Py_ssize_t count, struct task *task,
                       struct answers *to) {
    struct exchanges plans[PLANS] = {0};
    int failed = 0;
    for (int i = 0; i < PLANS; i++) failed |= plan_exchanges(32 << i, &plans[i]);
    task->sort_errors = plans;
    for (Py_ssize_t first = 0; first < count && !failed; first += LANES)
        failed = predict_group(from, products + first, (int)(count - first < LANES ? count - first : LANES), task, to);
    for (int i = 0; i < PLANS; i++) forget_exchanges(&plans[i]);
    return failed;
}

/* predict(values, offsets, order, season, horizon, ranks, places, mean, quantiles, totals)
 *
 * Forecasts the products of `order`, those of like length beside each other, into the last three arrays, which are
 * those of a Prediction. Each product's demand should be near 1 in the mean, and NaN where it is unknown; ranks are
 * int64[horizon, paths], and places int64[levels] which path in rising order gives each quantile. */
static PyObject *predict(PyObject *self, PyObject *args) {
    (void)self;
    Py_buffer in[GIVEN], out[ANSWERED];
    int season, horizon;
    if (!PyArg_ParseTuple(args, "y*y*y*iiy*y*w*w*w*", &in[0], &in[1], &in[2], &season, &horizon, &in[3], &in[4],
                          &out[0], &out[1], &out[2]))
        return NULL;
    const Py_ssize_t size = sizeof(int64_t);
    const struct histories from = {in[0].buf, in[1].buf, season};
    struct task task = {.horizon = horizon,
                        .paths = (int)(in[3].len / size / horizon),
                        .levels = (int)(in[4].len / size),
                        .ranks = in[3].buf,
                        .places = in[4].buf};
    struct answers to = {out[0].buf, out[1].buf, out[2].buf};
    int failed;
    Py_BEGIN_ALLOW_THREADS
    const unsigned before = flush_smallest();
    failed = predict_all(&from, in[2].buf, in[2].len / size, &task, &to);
    keep_smallest(before);
    Py_END_ALLOW_THREADS
    for (int i = 0; i < GIVEN; i++) PyBuffer_Release(&in[i]);
    for (int i = 0; i < ANSWERED; i++) PyBuffer_Release(&out[i]);
    if (failed) return PyErr_NoMemory();
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {{"predict", predict, METH_VARARGS, NULL}, {NULL, NULL, 0, NULL}};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "_theta", NULL, 0, methods, NULL, NULL, NULL, NULL};
PyMODINIT_FUNC PyInit__theta(void) { return PyModuleDef_Init(&module); }
