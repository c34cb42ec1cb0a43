package plsql

import (
	"fmt"
	"strings"

	"godwit/ir"
)

// Exception is a predefined exception: its error number, the SQLSTATE that it is raised with on the target, and its message.
type Exception struct {
	Name, State, Message string
	Number               int
}

// Text is the message with its number.
func (e Exception) Text() string { return fmt.Sprintf("ORA-%05d: %s", e.Number, e.Message) }

// predefined are the exceptions that every block knows (PL/SQL Language Reference, "Predefined Exceptions").
var predefined = []Exception{
	{"ACCESS_INTO_NULL", "22004", "Reference to uninitialized composite", 6530},
	{"CASE_NOT_FOUND", "20000", "CASE not found while executing CASE statement", 6592},
	{"COLLECTION_IS_NULL", "22004", "Reference to uninitialized collection", 6531},
	{"CURSOR_ALREADY_OPEN", "42P03", "PL/SQL: cursor already open", 6511},
	{"DUP_VAL_ON_INDEX", "23505", "unique constraint violated", 1},
	{"INVALID_CURSOR", "34000", "invalid cursor", 1001},
	{"INVALID_NUMBER", "22P02", "invalid number", 1722},
	{"LOGIN_DENIED", "28P01", "invalid username/password; logon denied", 1017},
	{"NO_DATA_FOUND", "P0002", "no data found", 1403},
	{"NOT_LOGGED_ON", "08003", "not logged on", 1012},
	{"PROGRAM_ERROR", "XX000", "PL/SQL: program error", 6501},
	{"ROWTYPE_MISMATCH", "42804", "PL/SQL: Return types of Result Set variables or query do not match", 6504},
	{"STORAGE_ERROR", "53200", "PL/SQL: storage error", 6500},
	{"SUBSCRIPT_BEYOND_COUNT", "2202E", "Subscript beyond count", 6533},
	{"SUBSCRIPT_OUTSIDE_LIMIT", "2202E", "Subscript outside of limit", 6532},
	{"TIMEOUT_ON_RESOURCE", "55P03", "timeout occurred while waiting for a resource", 51},
	{"TOO_MANY_ROWS", "P0003", "exact fetch returns more than requested number of rows", 1422},
	{"VALUE_ERROR", "22000", "PL/SQL: numeric or value error", 6502},
	{"ZERO_DIVIDE", "22012", "divisor is equal to zero", 1476},
}

// Predefined finds a predefined exception by its name.
func Predefined(name string) (Exception, bool) {
	for _, e := range predefined {
		if strings.EqualFold(e.Name, name) {
			return e, true
		}
	}
	return Exception{}, false
}

// ByNumber finds a predefined exception by its error number, which has a sign but for NO_DATA_FOUND.
func ByNumber(n int) (Exception, bool) {
	if n == 100 {
		n = -1403
	}
	for _, e := range predefined {
		if e.Number == -n {
			return e, true
		}
	}
	return Exception{}, false
}

// ApplicationError tells a call of RAISE_APPLICATION_ERROR and its arguments in order.
func ApplicationError(s ir.Stmt) (args []ir.Expr, ok bool) {
	name := ""
	switch n := s.(type) {
	case *ir.CallProc:
		if n.Routine == nil {
			name, args = n.Name.String(), n.Args
		}
	case *ir.Invocation:
		switch x := n.X.(type) {
		case *ir.Invoke:
			if q, is := x.X.(*ir.Name); is {
				name, args = q.Parts[len(q.Parts)-1].Text, x.Args
			}
		case *ir.Call:
			name, args = x.Name, x.Args
		case *ir.RoutineCall:
			if x.Routine == nil {
				name, args = x.Name.Name(), x.Args
			}
		}
	case *ir.Do:
		if len(n.Items) == 1 {
			if x, is := n.Items[0].(*ir.Call); is {
				name, args = x.Name, x.Args
			}
		}
	}
	if at := strings.LastIndexByte(name, '.'); at >= 0 {
		name = name[at+1:]
	}
	if !strings.EqualFold(name, "RAISE_APPLICATION_ERROR") || len(args) < 2 {
		return nil, false
	}
	return ordered(args), true
}

// ordered puts named arguments into their places.
func ordered(args []ir.Expr) []ir.Expr {
	out := make([]ir.Expr, len(args))
	for i, a := range args {
		n, ok := a.(*ir.NamedArg)
		if !ok {
			out[i] = a
			continue
		}
		switch strings.ToUpper(n.Name.Text) {
		case "NUM", "ERROR_NUMBER":
			out[0] = n.Value
		case "MSG", "MESSAGE":
			out[1] = n.Value
		default:
			out[len(out)-1] = n.Value
		}
	}
	return out
}
