package postgres

import "godwit/ir/op"

// functions spells the operations that the target has as they stand (see Spelling). What is not listed must be
// replaced by a rule, or it is refused.
var functions = map[op.Op]Spelling{}
