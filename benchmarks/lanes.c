/* What this machine's vector registers do at best: a yardstick for the compiled week.

   Built with the compiler's options of the compiled week, on its own lanes. Chains of additions
   and multiplications that wait for no memory, and of the function that the week calls most. */

#include "lanes.h"

EXPORT int lanes(void) { return W; }

/* 16 operations a round, in eight chains */
EXPORT void operations(long rounds, double *kept)
{
    V a = load(kept), b = a + 1.0, c = a + 2.0, d = a + 3.0;
    V e = a + 4.0, f = a + 5.0, g = a + 6.0, h = a + 7.0;
    const V shrink = all(0.999999), grow = all(1e-7);
    for (long round = 0; round < rounds; round++) {
        a = a * shrink + grow; b = b * shrink + grow; c = c * shrink + grow; d = d * shrink + grow;
        e = e * shrink + grow; f = f * shrink + grow; g = g * shrink + grow; h = h * shrink + grow;
    }
    a = ((a + b) + (c + d)) + ((e + f) + (g + h));
    memcpy(kept, &a, sizeof a);
}

EXPORT void curves(long rounds, double *kept)
{
    V a = load(kept), b = a + 0.1;
    for (long round = 0; round < rounds; round += 2) {
        a = v_tanh(a + 0.3);
        b = v_tanh(b + 0.2);
    }
    a = a + b;
    memcpy(kept, &a, sizeof a);
}
