/* Worlds side by side in vector lanes, and the few functions that machines round differently.

   Every operation below is one that IEEE 754 rounds alike everywhere, and the compiler is told to
   fuse none (-ffp-contract=off). So a world has the same bits on every machine, whatever the
   number of its lanes. Functions are good to about one unit in the last place. */

#include <stdint.h>
#include <string.h>

#if defined(__AVX512F__)
#define BYTES 64
#elif defined(__AVX__)
#define BYTES 32
#else
#define BYTES 16
#endif
typedef double V __attribute__((vector_size(BYTES)));   /* a number in every world */
typedef int64_t M __attribute__((vector_size(BYTES)));  /* yes (all bits) or no in every world */
enum { W = BYTES / sizeof(double) };

#if defined(_WIN32)
#define EXPORT __declspec(dllexport)
#else
#define EXPORT __attribute__((visibility("default")))
#endif
#define INLINE static inline __attribute__((always_inline))
/* called, not copied: a program has hundreds of them, and would take twice as long to compile */
#define CURVE static __attribute__((noinline)) V
#define SIGN ((M){} + INT64_MIN)

INLINE V all(double x) { return (V){} + x; }
INLINE M flags(int yes) { return (M){} - yes; }
INLINE V load(const double *from) { V v; memcpy(&v, from, sizeof v); return v; }
INLINE V where(M m, V yes, V no) { return (V)((m & (M)yes) | (~m & (M)no)); }
INLINE V number(M m) { return (V)(m & (M)all(1.0)); }
INLINE V larger(V a, V b) { return where(a > b, a, b); }
INLINE V smaller(V a, V b) { return where(a < b, a, b); }
INLINE V size(V a) { return (V)((M)a & ~SIGN); }
INLINE V signed_as(V a, V sign) { return (V)((M)a | ((M)sign & SIGN)); }

/* x = k ln 2 + r with |r| <= ln 2 / 2: *power is 2^k, and e^r - 1 is returned */
INLINE V reduced(V x, V *power)
{
    const V magic = all(0x1.8p52);
    V shifted = x * 0x1.71547652b82fep0 + magic, k = shifted - magic;
    V r = (x - k * 0x1.62e42feep-1) - k * 0x1.a39ef35793c76p-33;
    V r2 = r * r, r4 = r2 * r2;  /* the sum of r^n / n!, in pairs, so that none waits for long */
    V low = (0.5 + r * (1.0 / 6.0)) + r2 * (1.0 / 24.0 + r * (1.0 / 120.0));
    V mid = (1.0 / 720.0 + r * (1.0 / 5040.0)) + r2 * (1.0 / 40320.0 + r * (1.0 / 362880.0));
    V high = (1.0 / 3628800.0 + r * (1.0 / 39916800.0))
           + r2 * (1.0 / 479001600.0 + r * (1.0 / 6227020800.0));
    *power = (V)(((M)shifted << 52) + (M)all(1.0));
    return r + r2 * (low + r4 * (mid + r4 * high));
}

CURVE v_tanh(V x)
{
    V y = size(x), power;
    V part = reduced(2.0 * where(y > 20.0, all(20.0), y), &power);
    V grown = power * part + (power - 1.0);
    return signed_as(grown / (grown + 2.0), x);
}

CURVE v_exp(V x)
{
    V power, part = reduced(where(x > 709.0, all(709.0), where(x < -708.0, all(-708.0), x)), &power);
    V found = power + power * part;
    return where(x > 709.0, all(__builtin_inf()), where(x < -708.0, all(0.0), found));
}

CURVE v_exp2(V x)
{
    const V magic = all(0x1.8p52);
    V bounded = where(x > 1000.0, all(1000.0), where(x < -1000.0, all(-1000.0), x)), none;
    V shifted = bounded + magic, k = shifted - magic;
    V part = reduced((bounded - k) * 0x1.62e42fefa39efp-1, &none);
    V power = (V)(((M)shifted << 52) + (M)all(1.0)), found = none * (power + power * part);
    return where(x > 1000.0, all(__builtin_inf()), where(x < -1000.0, all(0.0), found));
}

CURVE v_log(V x)
{
    const M half = (M){} + 0x3fe6a09e667f3bcdLL, one = (M)all(1.0);
    M up = (M)x + (one - half);
    M biased = (up >> 52) & 0x7ff;
    V k = (V)(biased | (M)all(0x1p52)) - (0x1p52 + 1023.0);
    V f = (V)((M)x - ((biased - 1023) << 52)) - 1.0;
    V s = f / (2.0 + f), z = s * s, w = z * z, squared = 0.5 * f * f;
    V odd = z * (0x1.5555555555593p-1 + w * (0x1.2492494229359p-2
              + w * (0x1.7466496cb03dep-3 + w * 0x1.2f112df3e5244p-3)));
    V even = w * (0x1.999999997fa04p-2 + w * (0x1.c71c51d8e78afp-3 + w * 0x1.39a09d078c69fp-3));
    V found = k * 0x1.62e42feep-1
            - ((squared - (s * (squared + odd + even) + k * 0x1.a39ef35793c76p-33)) - f);
    found = where(x == 0.0, all(-__builtin_inf()), found);
    found = where(x == __builtin_inf(), x, found);
    return where(x >= 0.0, found, all(__builtin_nan("")));
}

CURVE v_cbrt(V x)
{
    V y = size(x), root = v_exp(v_log(y) * (1.0 / 3.0));
    root = root - (root * root * root - y) / (3.0 * root * root);
    return where((y == 0.0) | (y == __builtin_inf()), x, signed_as(root, x));
}

CURVE v_arctanh(V x)
{
    V square = x * x, found = 0.5 * v_log((1.0 + x) / (1.0 - x));
    return where(square < 1e-8, x + x * square * (1.0 / 3.0 + square * 0.2), found);
}

#define PUT(type, place, value) \
    do { V v = value; for (int i = 0; i < W; i++) ((type *)out[place])[k + i] = (type)v[i]; } while (0)
