#!/usr/bin/env node
/** The command `roster`. Nothing newer than the check of Node's version may be read before it has passed. */
'use strict';
require('./check-node.cjs');
require('./start.cjs');
