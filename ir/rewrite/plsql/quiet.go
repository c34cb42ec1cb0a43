package plsql

import (
	"godwit/ir"
	"godwit/ir/op"
)

// quiet are supplied procedures that change no rows and raise nothing but errors of their arguments: never NO_DATA_FOUND, nor errors of constraints or cursors
// (PL/SQL Packages and Types Reference, chapters of the packages).
var quiet = map[string]bool{
	"DBMS_OUTPUT.PUT_LINE": true, "DBMS_OUTPUT.PUT": true, "DBMS_OUTPUT.NEW_LINE": true, "DBMS_OUTPUT.ENABLE": true, "DBMS_LOCK.SLEEP": true, "DBMS_SESSION.SLEEP": true,
	"DBMS_APPLICATION_INFO.SET_MODULE": true, "DBMS_APPLICATION_INFO.SET_ACTION": true, "DBMS_APPLICATION_INFO.SET_CLIENT_INFO": true,
}

// quietCall is a call of such a procedure, nil for all other statements.
func quietCall(n *ir.Invocation) *ir.Call {
	if c, ok := n.X.(*ir.Call); ok && c.Op == op.OraSupplied && quiet[c.Name] {
		return c
	}
	return nil
}

// ofQuiet is what a call of such a procedure can raise.
func (c *Code) ofQuiet(x *ir.Call) Kinds {
	k := Other | Declared // a line of output that is too long is ORA-20000
	for _, a := range x.Args {
		k |= c.OfExpr(a)
	}
	return k
}
