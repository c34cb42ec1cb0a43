package cast

import (
	"net/netip"

	"godwit/ir"
	"godwit/ir/rewrite/build"
	"godwit/ir/types"
)

// toAddress makes a UUID or a network address of a text. The target raises an error for what is none, as a store in strict
// mode does; a literal is looked at here, as the target reads forms that the source refuses.
func (l *lowering) toAddress(e *ir.Cast) ir.Expr {
	if _, text := e.X.TypeOf().(types.Text); !text {
		return l.refuse(e)
	}
	if s, ok := e.X.(*ir.String); ok {
		if !address(s.Value, e.To) {
			return l.refuse(e)
		}
		return build.Cast(s, e.To, code)
	}
	if _, uuid := e.To.(types.UUID); !uuid || e.Fail != ir.FailError {
		return l.refuse(e)
	}
	return build.Cast(e.X, e.To, code)
}

// address tells whether a literal is a value of the type on both servers.
func address(s string, t types.Type) bool {
	switch t := t.(type) {
	case types.UUID:
		digits := 0
		for i := range len(s) {
			switch c := s[i]; {
			case c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F':
				digits++
			case c != '-' || digits%4 != 0 || i == 0:
				return false
			}
		}
		return digits == 32 && s[len(s)-1] != '-'
	case types.Inet:
		a, err := netip.ParseAddr(s)
		return err == nil && a.Zone() == "" && a.Is4() == (t.Version == 4)
	}
	return false
}
