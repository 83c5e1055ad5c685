/** The room of request validation: bytes in, a typed request or an error answer out. */
@NullMarked
package io.ppstp.tracker.validation;

import org.jspecify.annotations.NullMarked;
