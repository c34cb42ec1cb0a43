package plsql

import (
	"strings"

	"godwit/ir"
	"godwit/ir/types"
)

// charsetIDs are the numbers of character sets (Database Globalization Support Guide, "Character Sets").
var charsetIDs = map[string]string{
	"US7ASCII": "1", "WE8ISO8859P1": "31", "WE8MSWIN1252": "178", "UTF8": "871", "AL32UTF8": "873", "AL16UTF16": "2000",
}

// charset is the number of NLS_CHARSET_ID of a literal, nil for everything else.
func charset(inv *ir.Invoke, name string) ir.Expr {
	if name != "NLS_CHARSET_ID" || len(inv.Args) != 1 {
		return nil
	}
	s, ok := ir.Bare(inv.Args[0]).(*ir.String)
	if !ok {
		return nil
	}
	id, ok := charsetIDs[strings.ToUpper(s.Value)]
	if !ok {
		return nil
	}
	n := &ir.Number{Text: id}
	n.Meta, n.Type = inv.Meta, types.Decimal{Precision: len(id)}
	return n
}

// takesMessage tells that a call is none of UTL_LMS.FORMAT_MESSAGE with arguments whose text is not known: the manual names texts and binary integers.
func (r *Resolver) takesMessage(c *ir.Call) bool {
	if c.Name != "UTL_LMS.FORMAT_MESSAGE" {
		return true
	}
	for _, a := range c.Args[1:] {
		x := implicitless(a)
		if n, ok := x.(*ir.Number); ok && !strings.ContainsAny(n.Text, ".eE") {
			continue
		}
		switch x.TypeOf().(type) {
		case types.Text, types.Int, types.Null, nil:
		default:
			r.fail(unknownFunction, a.Base().Span, "UTL_LMS.FORMAT_MESSAGE with %s, which is neither a text nor a binary integer,", text(a))
			return false
		}
	}
	return true
}
