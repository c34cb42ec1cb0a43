package postgres

import (
	"strings"

	"godwit/emit"
	"godwit/ir"
)

// placeholder stands for the percent sign of a place in a format string while the text around it is printed.
const placeholder = "\x01"

// held opens a cursor that outlives the transaction. Its query is text: PL/pgSQL opens no such cursor itself, so that
// variables come into it by format().
func (p *printer) held(s *ir.ReturnRows) emit.Doc {
	var args []emit.Doc
	p.places = &args
	query := p.query(s.Query)
	p.places = nil
	text := query
	if len(args) > 0 {
		text = emit.Map(query, func(t string) string {
			return strings.ReplaceAll(strings.ReplaceAll(t, "%", "%%"), placeholder, "%")
		})
	}
	quote := "'"
	if emit.Holds(text, '\'') || emit.Holds(text, '\\') {
		quote = "$query$"
	}
	d := emit.Cat(txt(quote), emit.Nest(emit.Soft, text), emit.Soft, txt(quote))
	if len(args) > 0 {
		d = emit.Cat(txt("format("), d, txt(", "), emit.Group(emit.List(args)), txt(")"))
	}
	return emit.Group(txt(Quote(s.Cursor)+" := "+Quote(p.e.opt.HelperSchema)+".hold("+Quote(s.Cursor)+", "), d, txt(")"))
}

// place prints a variable in a query that becomes text: as a literal of the variable's type.
func (p *printer) place(value, sql string, collation *ir.QName) emit.Doc {
	*p.places = append(*p.places, txt(value))
	d := placeholder + "L::" + sql
	if collation != nil {
		d = "(" + d + " COLLATE " + p.collationName(*collation) + ")"
	}
	return txt(d)
}

// placed is place for a name, nil if it is no variable.
func (p *printer) placed(x *ir.Name) emit.Doc {
	switch r := x.Ref.(type) {
	case *ir.VarRef:
		if r.Decl != nil {
			return p.place(p.nameText(x), p.declType(x, r.Decl.TypeSQL, r.Decl.Type), r.Decl.CollationSQL)
		}
	case *ir.ParamRef:
		if r.Param != nil {
			return p.place(p.nameText(x), p.declType(x, r.Param.TypeSQL, r.Param.Type), nil)
		}
	}
	return nil
}
