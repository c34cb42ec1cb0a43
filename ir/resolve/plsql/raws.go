package plsql

import (
	"godwit/ir"
	"godwit/ir/types"
)

// takesBLOBs are the functions of texts that take a BLOB as it is.
var takesBLOBs = map[string]bool{"LENGTH": true, "LENGTHB": true, "SUBSTR": true, "SUBSTRB": true, "INSTR": true, "INSTRB": true, "TO_CLOB": true, "TO_CHAR": true}

// rawArgs makes hexadecimal digits of RAW values where a function takes texts: LENGTH(HEXTORAW('FF')) is 2 (SQL Language Reference, "Implicit
// Data Conversion"). A BLOB is not converted implicitly.
func (r *Resolver) rawArgs(args []ir.Expr, name, classes string) {
	for i, a := range args {
		if classes == "" || classes[min(i, len(classes)-1)] != 't' {
			continue
		}
		b, ok := a.TypeOf().(types.Binary)
		switch {
		case !ok:
		case isRaw(b):
			args[i] = r.cast(a, varchar(2*b.N))
		case !takesBLOBs[name]:
			r.fail(noConversion, a.Base().Span, "%s (%s) is used as a text", text(a), typeName(b))
		}
	}
}

// isRaw tells a RAW from a BLOB.
func isRaw(b types.Binary) bool { return b.N > 0 || b.MaxBytes == 32767 }
