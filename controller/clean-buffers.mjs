// For each thread of a kiosk, before anything else of it: no buffer has what was measured of somebody before.

// Small buffers are cut from slabs that live on, with all that ever stood in them: a person's slip would stay in memory.
Buffer.poolSize = 0;
// And what is asked for uncleared has in it whatever stood there before, for as long as it lives: so it is cleared.
Buffer.allocUnsafe = Buffer.allocUnsafeSlow = (size) => Buffer.alloc(size);
