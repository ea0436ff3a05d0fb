/* The door to Python: arrays come and go as buffers, and the kernel runs without the interpreter's lock. */

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <math.h>

#include "tables.h"

/* Whether an array has as many bytes as it should; if not, there is a Python error. */
static int holds(const Py_buffer *array, Py_ssize_t numbers, size_t size, const char *name) {
    if (array->len == numbers * (Py_ssize_t)size) return 1;
    PyErr_Format(PyExc_ValueError, "%s holds %zd bytes, not %zd", name, array->len, numbers * (Py_ssize_t)size);
    return 0;
}

static PyObject *released(Py_buffer *arrays, int count) {
    for (int i = 0; i < count; i++) PyBuffer_Release(&arrays[i]);
    if (PyErr_Occurred()) return NULL;
    Py_RETURN_NONE;
}

static int within(int value, int low, int high, const char *name) {
    if (value >= low && value <= high) return 1;
    PyErr_Format(PyExc_ValueError, "%s is %d", name, value);
    return 0;
}

static int plan_fits(const struct plan *plan) {
    return within(plan->season, 1, MOST_POINTS, "season") && within(plan->phases, 1, plan->season, "phases") &&
           within(plan->block, 1, LONGEST_BLOCK, "block") &&
           within(plan->levels, 1, MOST_LEVELS, "levels") && within(plan->lag, 0, plan->blocks, "lag") &&
           within(plan->span, 1, plan->blocks, "span") && within(plan->past_first, 0, plan->periods, "past_first");
}

/* What demand counts at the end of its block, and a block's end at the end of the next. */
static void plan_levels(struct plan *plan, const double *decay) {
    for (int each = 0; each < plan->levels; each++) {
        plan->fading[each] = pow(decay[each], plan->block);
        for (int step = 0; step < plan->block; step++)
            plan->within[each][step] = pow(decay[each], plan->block - 1 - step);
    }
}

PyDoc_STRVAR(tables_doc, "Filter counts, and write the distribution of each phase and the dependence; see tables.h.");

static PyObject *tables(PyObject *self, PyObject *args) {
    (void)self;
    enum { COUNTS, KNOWN, WHOLE, DECAY, SEASON_MEMORY, PAST_MEMORY, TRUST, VALUES, MEAN, DEPENDENCE, ARRAYS };
    Py_buffer a[ARRAYS];
    struct plan plan = {0};
    int failed = 0;
    if (!PyArg_ParseTuple(args, "y*y*y*iiiiiidy*y*y*y*w*w*w*", &a[COUNTS], &a[KNOWN], &a[WHOLE], &plan.season,
                          &plan.phases, &plan.past_first, &plan.block, &plan.lag, &plan.span, &plan.off_season,
                          &a[DECAY], &a[SEASON_MEMORY], &a[PAST_MEMORY], &a[TRUST], &a[VALUES], &a[MEAN],
                          &a[DEPENDENCE]))
        return NULL;
    const size_t wide = sizeof(double);
    const Py_ssize_t products = a[WHOLE].len;
    plan.periods = (int)(a[SEASON_MEMORY].len / (Py_ssize_t)wide);
    plan.levels = (int)(a[DECAY].len / (Py_ssize_t)wide);
    plan.blocks = plan.block > 0 ? (plan.periods + plan.block - 1) / plan.block : 0;
    plan.season_memory = a[SEASON_MEMORY].buf, plan.past_memory = a[PAST_MEMORY].buf, plan.trust = a[TRUST].buf;
    const struct window window = {a[COUNTS].buf, a[KNOWN].buf, a[WHOLE].buf, products};
    struct tables to = {a[VALUES].buf, a[MEAN].buf, a[DEPENDENCE].buf};
    if (plan_fits(&plan) && holds(&a[COUNTS], products * plan.periods, wide, "counts") &&
        holds(&a[KNOWN], products * plan.periods, wide, "known") &&
        holds(&a[PAST_MEMORY], plan.periods, wide, "past_memory") &&
        holds(&a[TRUST], plan.blocks - plan.lag, wide, "trust") &&
        holds(&a[VALUES], products * plan.phases * PATHS, sizeof(float), "values") &&
        holds(&a[MEAN], products * plan.phases, wide, "mean") &&
        holds(&a[DEPENDENCE], products, wide, "dependence")) {
        plan_levels(&plan, a[DECAY].buf);
        Py_BEGIN_ALLOW_THREADS
        failed = make_tables(&plan, &window, &to);
        Py_END_ALLOW_THREADS
        if (failed) PyErr_NoMemory();
    }
    return released(a, ARRAYS);
}

/* Whether all indices lie from 0 up to, and without, an end. */
static int inside(const int64_t *indices, Py_ssize_t count, Py_ssize_t end, const char *name) {
    for (Py_ssize_t i = 0; i < count; i++)
        if (indices[i] < 0 || indices[i] >= end) {
            PyErr_Format(PyExc_ValueError, "%s are not all within 0 and %zd", name, end);
            return 0;
        }
    return 1;
}

PyDoc_STRVAR(totals_doc, "Write the quantiles of running totals of some products; see tables.h.");

static PyObject *totals(PyObject *self, PyObject *args) {
    (void)self;
    enum { VALUES, PRODUCTS, RANKS, PLACES, TOTALS, ARRAYS };
    Py_buffer a[ARRAYS];
    int phases, failed = 0;
    if (!PyArg_ParseTuple(args, "y*iy*y*y*w*", &a[VALUES], &phases, &a[PRODUCTS], &a[RANKS], &a[PLACES], &a[TOTALS]))
        return NULL;
    const Py_ssize_t word = sizeof(int64_t), row = PATHS * (Py_ssize_t)sizeof(float) * (phases > 0 ? phases : 1);
    const Py_ssize_t products = a[VALUES].len / row, horizon = a[RANKS].len / word / PATHS;
    struct totals task = {a[VALUES].buf,       a[PRODUCTS].buf, a[PRODUCTS].len / word,     a[RANKS].buf, a[PLACES].buf,
                          phases > 0 ? phases : 1, (int)horizon, (int)(a[PLACES].len / word), a[TOTALS].buf};
    if (within(phases, 1, MOST_POINTS, "phases") && holds(&a[RANKS], horizon * PATHS, sizeof(int64_t), "ranks") &&
        holds(&a[TOTALS], products * horizon * task.levels, sizeof(double), "totals") &&
        inside(task.products, (Py_ssize_t)task.count, products, "products") &&
        inside(task.ranks, horizon * PATHS, PATHS, "ranks") && inside(task.places, task.levels, PATHS, "places")) {
        Py_BEGIN_ALLOW_THREADS
        failed = sum_futures(&task);
        Py_END_ALLOW_THREADS
        if (failed) PyErr_NoMemory();
    }
    return released(a, ARRAYS);
}

PyDoc_STRVAR(count_doc, "Find the unit of each history, and count in it; see tables.h.");

static PyObject *count(PyObject *self, PyObject *args) {
    (void)self;
    enum { HISTORIES, COUNTS, KNOWN, UNIT, WHOLE, ARRAYS };
    Py_buffer a[ARRAYS];
    if (!PyArg_ParseTuple(args, "y*w*w*w*w*", &a[HISTORIES], &a[COUNTS], &a[KNOWN], &a[UNIT], &a[WHOLE])) return NULL;
    const Py_ssize_t products = a[WHOLE].len, numbers = a[HISTORIES].len / (Py_ssize_t)sizeof(double);
    const Py_ssize_t periods = products > 0 ? numbers / products : 0;
    if (holds(&a[HISTORIES], products * periods, sizeof(double), "histories") &&
        holds(&a[COUNTS], numbers, sizeof(double), "counts") && holds(&a[KNOWN], numbers, sizeof(double), "known") &&
        holds(&a[UNIT], products, sizeof(double), "unit")) {
        Py_BEGIN_ALLOW_THREADS
        count_units(a[HISTORIES].buf, (int)periods, products, a[COUNTS].buf, a[KNOWN].buf, a[UNIT].buf, a[WHOLE].buf);
        Py_END_ALLOW_THREADS
    }
    return released(a, ARRAYS);
}

static PyMethodDef methods[] = {
    {"count", count, METH_VARARGS, count_doc},
    {"tables", tables, METH_VARARGS, tables_doc},
    {"totals", totals, METH_VARARGS, totals_doc},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef module = {
    PyModuleDef_HEAD_INIT, "_counts", "The filtered count model.", 0, methods, NULL, NULL, NULL, NULL,
};

PyMODINIT_FUNC PyInit__counts(void) { return PyModuleDef_Init(&module); }
