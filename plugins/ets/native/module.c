/* The door to Python: arrays come and go as buffers, and the kernel runs without the interpreter's lock. */

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "fit.h"
#include "flushing.h"
#include "simulate.h"

static PyObject *fit_forms(PyObject *self, PyObject *args) {
    (void)self;
    Py_buffer values, offsets, order, cost, raw, parameters;
    int season, steps, prune;
    long long forms, known;
    if (!PyArg_ParseTuple(args, "y*y*y*iLLipw*w*w*", &values, &offsets, &order, &season, &forms, &known, &steps, &prune,
                          &cost, &raw, &parameters))
        return NULL;
    const struct task task = {forms, known, steps, prune};
    const struct histories from = {values.buf, offsets.buf, season};
    struct findings to = {cost.buf, raw.buf, parameters.buf};
    const int64_t *products = order.buf;
    const Py_ssize_t count = order.len / (Py_ssize_t)sizeof(int64_t);
    int failed;
    Py_BEGIN_ALLOW_THREADS
    const unsigned before = flush_smallest();
    failed = fit(&from, products, count, &task, &to);
    keep_smallest(before);
    Py_END_ALLOW_THREADS
    PyBuffer_Release(&values); PyBuffer_Release(&offsets); PyBuffer_Release(&order);
    PyBuffer_Release(&cost); PyBuffer_Release(&raw); PyBuffer_Release(&parameters);
    if (failed) return PyErr_NoMemory();
    Py_RETURN_NONE;
}

#define PLANS 5

static PyObject *simulate(PyObject *self, PyObject *args) {
    (void)self;
    Py_buffer in[9], out[3];
    int season, horizon, members;
    if (!PyArg_ParseTuple(args, "y*y*y*iiy*y*y*iy*y*y*w*w*w*", &in[0], &in[1], &in[2], &season, &members, &in[3], &in[4],
                          &in[5], &horizon, &in[6], &in[7], &in[8], &out[0], &out[1], &out[2]))
        return NULL;
    const struct histories from = {in[0].buf, in[1].buf, season};
    const int64_t *products = in[2].buf;
    const Py_ssize_t count = in[2].len / (Py_ssize_t)sizeof(int64_t);
    const struct fitted fitted = {members, in[3].buf, in[4].buf, in[5].buf};
    const struct draws draws = {horizon, (int)(in[7].len / (Py_ssize_t)sizeof(double)),
                                (int)(in[8].len / (Py_ssize_t)sizeof(int64_t)), in[6].buf, in[7].buf, in[8].buf};
    struct answers to = {out[0].buf, out[1].buf, out[2].buf};
    struct exchanges plans[PLANS];
    int failed = 0;
    Py_BEGIN_ALLOW_THREADS
    const unsigned before = flush_smallest();
    for (int i = 0; i < PLANS; i++) failed |= plan_exchanges(64 << i, &plans[i]);
    for (Py_ssize_t first = 0; first < count && !failed; first += LANES)
        failed = simulate_group(&from, products + first, (int)(count - first < LANES ? count - first : LANES), &fitted,
                                &draws, plans, &to);
    for (int i = 0; i < PLANS; i++) forget_exchanges(&plans[i]);
    keep_smallest(before);
    Py_END_ALLOW_THREADS
    for (int i = 0; i < 9; i++) PyBuffer_Release(&in[i]);
    for (int i = 0; i < 3; i++) PyBuffer_Release(&out[i]);
    if (failed) return PyErr_NoMemory();
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"fit", fit_forms, METH_VARARGS, NULL}, {"simulate", simulate, METH_VARARGS, NULL}, {NULL, NULL, 0, NULL}};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "_ets", NULL, 0, methods, NULL, NULL, NULL, NULL};
PyMODINIT_FUNC PyInit__ets(void) { return PyModuleDef_Init(&module); }
