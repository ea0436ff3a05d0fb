/* The door to Python: arrays come and go as buffers, and the kernel runs without the interpreter's lock. */

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "fit.h"
#include "flushing.h"
#include "simulate.h"

#define PLANS 5                /* for 64, 128 ... 1,024 rows */
#define WORD ((Py_ssize_t)sizeof(double))

/* Whether an array has as many numbers of eight bytes as it should; if not, there is a Python error. */
static int holds(const Py_buffer *array, Py_ssize_t numbers, const char *name) {
    if (array->len == numbers * WORD) return 1;
    PyErr_Format(PyExc_ValueError, "%s holds %zd bytes, not %zd", name, array->len, numbers * WORD);
    return 0;
}

static void release(Py_buffer *arrays, int count) {
    for (int i = 0; i < count; i++) PyBuffer_Release(&arrays[i]);
}

static int season_fits(int season) {
    if (season >= 1 && season <= LONGEST_SEASON) return 1;
    PyErr_Format(PyExc_ValueError, "a season of %d periods", season);
    return 0;
}

PyDoc_STRVAR(fit_doc, "Fit forms, a bit each, to the products named by their order; see fit.h.");

static PyObject *fit_forms(PyObject *self, PyObject *args) {
    (void)self;
    enum { VALUES, OFFSETS, ORDER, COST, SQUARES, PARAMETERS, ARRAYS };
    Py_buffer a[ARRAYS];
    int season, steps, prune, failed = 0;
    long long forms, known;
    if (!PyArg_ParseTuple(args, "y*y*y*iLLipw*w*w*", &a[VALUES], &a[OFFSETS], &a[ORDER], &season, &forms, &known,
                          &steps, &prune, &a[COST], &a[SQUARES], &a[PARAMETERS]))
        return NULL;
    const Py_ssize_t products = a[OFFSETS].len / WORD - 1, count = a[ORDER].len / WORD;
    const struct histories from = {a[VALUES].buf, a[OFFSETS].buf, season};
    const struct task task = {forms, known, steps, prune};
    struct findings to = {a[COST].buf, a[SQUARES].buf, a[PARAMETERS].buf};
    if (season_fits(season) && holds(&a[COST], products * FORMS, "cost") &&
        holds(&a[SQUARES], products * FORMS, "squares") &&
        holds(&a[PARAMETERS], products * FORMS * MOST, "parameters")) {
        Py_BEGIN_ALLOW_THREADS
        const unsigned before = flush_smallest();
        failed = fit(&from, a[ORDER].buf, count, &task, &to);
        keep_smallest(before);
        Py_END_ALLOW_THREADS
        if (failed) PyErr_NoMemory();
    }
    release(a, ARRAYS);
    if (PyErr_Occurred()) return NULL;
    Py_RETURN_NONE;
}

static int simulate(const struct histories *from, const int64_t *products, Py_ssize_t count,
                    const struct fitted *fitted, const struct draws *draws, struct answers *to) {
    struct exchanges plans[PLANS] = {0};
    int failed = 0;
    const unsigned before = flush_smallest();
    for (int i = 0; i < PLANS; i++) failed |= plan_exchanges(64 << i, &plans[i]);
    for (Py_ssize_t first = 0; first < count && !failed; first += LANES) {
        const int some = count - first < LANES ? (int)(count - first) : LANES;
        failed = simulate_group(from, products + first, some, fitted, draws, plans, to);
    }
    for (int i = 0; i < PLANS; i++) forget_exchanges(&plans[i]);
    keep_smallest(before);
    return failed;
}

PyDoc_STRVAR(simulate_doc, "Simulate the futures of fitted forms into mean, quantiles and totals; see simulate.h.");

static PyObject *simulate_forms(PyObject *self, PyObject *args) {
    (void)self;
    enum { VALUES, OFFSETS, ORDER, FORM, WEIGHT, PARAMETERS, RANKS, NORMAL, PLACES, MEAN, QUANTILES, TOTALS, ARRAYS };
    Py_buffer a[ARRAYS];
    int season, members, horizon, failed = 0;
    if (!PyArg_ParseTuple(args, "y*y*y*iiy*y*y*iy*y*y*w*w*w*", &a[VALUES], &a[OFFSETS], &a[ORDER], &season, &members,
                          &a[FORM], &a[WEIGHT], &a[PARAMETERS], &horizon, &a[RANKS], &a[NORMAL], &a[PLACES], &a[MEAN],
                          &a[QUANTILES], &a[TOTALS]))
        return NULL;
    const Py_ssize_t products = a[OFFSETS].len / WORD - 1, count = a[ORDER].len / WORD;
    const Py_ssize_t paths = a[NORMAL].len / WORD, levels = a[PLACES].len / WORD, all = products * members;
    const struct histories from = {a[VALUES].buf, a[OFFSETS].buf, season};
    const struct fitted fitted = {members, a[FORM].buf, a[WEIGHT].buf, a[PARAMETERS].buf};
    const struct draws draws = {horizon, (int)paths, (int)levels, a[RANKS].buf, a[NORMAL].buf, a[PLACES].buf};
    struct answers to = {a[MEAN].buf, a[QUANTILES].buf, a[TOTALS].buf};
    if (members < 1 || members > MOST_MEMBERS) PyErr_Format(PyExc_ValueError, "%d forms at once", members);
    else if (season_fits(season) && holds(&a[FORM], all, "form") && holds(&a[WEIGHT], all, "weight") &&
             holds(&a[PARAMETERS], all * MOST, "parameters") && holds(&a[RANKS], horizon * paths, "ranks") &&
             holds(&a[MEAN], products * horizon, "mean") &&
             holds(&a[QUANTILES], products * horizon * levels, "quantiles") &&
             holds(&a[TOTALS], products * horizon * levels, "totals")) {
        Py_BEGIN_ALLOW_THREADS
        failed = simulate(&from, a[ORDER].buf, count, &fitted, &draws, &to);
        Py_END_ALLOW_THREADS
        if (failed) PyErr_NoMemory();
    }
    release(a, ARRAYS);
    if (PyErr_Occurred()) return NULL;
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"fit", fit_forms, METH_VARARGS, fit_doc},
    {"simulate", simulate_forms, METH_VARARGS, simulate_doc},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef module = {
    PyModuleDef_HEAD_INIT, "_ets", "Exponential smoothing.", 0, methods, NULL, NULL, NULL, NULL,
};

PyMODINIT_FUNC PyInit__ets(void) { return PyModuleDef_Init(&module); }
