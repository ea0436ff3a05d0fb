/* The door to Python: arrays come and go as buffers, and the kernel runs without the interpreter's lock. */

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#if defined(__SSE2__)
#include <immintrin.h>
#endif

#include "fit.h"
#include "simulate.h"

/* Fading derivatives end in numbers too small for the fast path of x86; they are as good as 0. */
static unsigned quick(void) {
#if defined(__SSE2__)
    unsigned before = _mm_getcsr();
    _mm_setcsr(before | 0x8040);
    return before;
#else
    return 0;
#endif
}

static void restore(unsigned before) {
#if defined(__SSE2__)
    _mm_setcsr(before);
#else
    (void)before;
#endif
}

static PyObject *fit(PyObject *self, PyObject *args) {
    (void)self;
    Py_buffer values, offsets, order, cost, raw, parameters;
    int season;
    long long forms;
    if (!PyArg_ParseTuple(args, "y*y*y*iLw*w*w*", &values, &offsets, &order, &season, &forms, &cost, &raw, &parameters))
        return NULL;
    const struct histories from = {values.buf, offsets.buf, season};
    struct findings to = {cost.buf, raw.buf, parameters.buf};
    const int64_t *products = order.buf;
    const Py_ssize_t count = order.len / (Py_ssize_t)sizeof(int64_t);
    int failed = 0;
    Py_BEGIN_ALLOW_THREADS
    const unsigned before = quick();
    for (Py_ssize_t first = 0; first < count && !failed; first += LANES)
        failed = fit_group(&from, products + first, (int)(count - first < LANES ? count - first : LANES), forms, &to);
    restore(before);
    Py_END_ALLOW_THREADS
    PyBuffer_Release(&values); PyBuffer_Release(&offsets); PyBuffer_Release(&order);
    PyBuffer_Release(&cost); PyBuffer_Release(&raw); PyBuffer_Release(&parameters);
    if (failed) return PyErr_NoMemory();
    Py_RETURN_NONE;
}

#define PLANS 6

static PyObject *simulate(PyObject *self, PyObject *args) {
    (void)self;
    Py_buffer in[8], out[3];
    int season, horizon;
    if (!PyArg_ParseTuple(args, "y*y*y*iy*y*iy*y*y*w*w*w*", &in[0], &in[1], &in[2], &season, &in[3], &in[4], &horizon,
                          &in[5], &in[6], &in[7], &out[0], &out[1], &out[2]))
        return NULL;
    const struct histories from = {in[0].buf, in[1].buf, season};
    const int64_t *products = in[2].buf;
    const Py_ssize_t count = in[2].len / (Py_ssize_t)sizeof(int64_t);
    const struct fitted fitted = {in[3].buf, in[4].buf};
    const struct draws draws = {horizon, (int)(in[6].len / (Py_ssize_t)sizeof(double)),
                                (int)(in[7].len / (Py_ssize_t)sizeof(int64_t)), in[5].buf, in[6].buf, in[7].buf};
    struct answers to = {out[0].buf, out[1].buf, out[2].buf};
    struct exchanges plans[PLANS];
    int failed = 0;
    Py_BEGIN_ALLOW_THREADS
    const unsigned before = quick();
    for (int i = 0; i < PLANS; i++) failed |= plan_exchanges(i ? 32 << i : draws.paths, &plans[i]);
    for (Py_ssize_t first = 0; first < count && !failed; first += LANES)
        failed = simulate_group(&from, products + first, (int)(count - first < LANES ? count - first : LANES), &fitted,
                                &draws, plans, &to);
    for (int i = 0; i < PLANS; i++) forget_exchanges(&plans[i]);
    restore(before);
    Py_END_ALLOW_THREADS
    for (int i = 0; i < 8; i++) PyBuffer_Release(&in[i]);
    for (int i = 0; i < 3; i++) PyBuffer_Release(&out[i]);
    if (failed) return PyErr_NoMemory();
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"fit", fit, METH_VARARGS, NULL}, {"simulate", simulate, METH_VARARGS, NULL}, {NULL, NULL, 0, NULL}};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "_ets", NULL, 0, methods, NULL, NULL, NULL, NULL};
PyMODINIT_FUNC PyInit__ets(void) { return PyModuleDef_Init(&module); }
