package cursorloop

import (
	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/control"
)

var leftover = &diag.Code{
	ID: "PL0106", Title: "A cursor behind a block that a handler left", Severity: diag.Review, Fidelity: diag.Approximate,
	Doc: `When an error inside a block with cursors reaches a handler of a block around it, MySQL and MariaDB keep the inner cursors: the next cursor that is opened, in the handler or behind an EXIT handler's
block, is in truth the one that was left: its rows come, or error 1325 (Cursor is already open). The target opens the cursor that is named.`,
	Next: "Declare an EXIT handler in the block that declares the cursor, or find out whether anybody relies on what the source does.", Each: 0.3,
}

// leftovers reports cursors that the source confuses with those of a block that a handler left.
func leftovers(p *rewrite.Pass, root ir.Stmt) {
	var cursors []*ir.CursorDecl
	var loops []*ir.Loop
	ir.WalkStatements(root, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.CursorDecl:
			cursors = append(cursors, n)
		case *ir.Loop:
			loops = append(loops, n)
		}
		return true
	})
	told := map[*ir.CursorDecl]bool{}
	tell := func(c *ir.CursorDecl) {
		if !told[c] {
			told[c] = true
			p.Report(leftover, c.Span, "cursor %s may be opened behind a block with cursors that a handler left: the source takes the cursor of that block", c.Name.Text)
		}
	}
	ir.WalkStatements(root, func(n ir.Node) bool {
		b, ok := n.(*ir.Block)
		if !ok || !innerCursor(b) {
			return true
		}
		for _, d := range b.Decls {
			h, ok := d.(*ir.Handler)
			if !ok || !escapes(b, h) {
				continue
			}
			for _, c := range cursors {
				if within(c, h) || h.Action == ir.ExitHandler && (c.Span.Start >= b.Span.End || again(loops, b, c)) {
					tell(c)
				}
			}
		}
		return true
	})
}

// escapes tells that an error of a block with cursors inside the body of b may reach the handler h of b.
func escapes(b *ir.Block, h *ir.Handler) bool {
	wanted := taken(h)
	for _, s := range b.Body {
		if ir.Find(s, func(n ir.Node) bool {
			inner, ok := n.(*ir.Block)
			return ok && declaresCursor(inner) && leaving(b, inner)&wanted != 0
		}) {
			return true
		}
	}
	return false
}

func declaresCursor(b *ir.Block) bool {
	for _, d := range b.Decls {
		if _, ok := d.(*ir.CursorDecl); ok {
			return true
		}
	}
	return false
}

// leaving is what the body of a block inside b can raise and no handler between takes.
func leaving(b, inner *ir.Block) control.Kinds {
	kinds := control.OfList(inner.Body)
	ir.Walk(b, func(n ir.Node) bool {
		x, ok := n.(*ir.Block)
		if ok && x != b && within(inner, x) {
			kinds &^= kept(x)
		}
		return true
	})
	return kinds
}

// kept are the kinds that the handlers of a block take and do not raise again.
func kept(b *ir.Block) (kinds control.Kinds) {
	for _, d := range b.Decls {
		h, ok := d.(*ir.Handler)
		if !ok || control.OfStmt(h.Body) != 0 {
			continue
		}
		for _, c := range h.Conditions {
			switch c.Kind {
			case ir.NotFound:
				kinds |= control.NoRow
			case ir.SQLException:
				kinds |= control.Errors
			}
		}
	}
	return kinds
}

// taken are the kinds that a handler may take.
func taken(h *ir.Handler) (kinds control.Kinds) {
	for _, c := range h.Conditions {
		switch c.Kind {
		case ir.NotFound:
			kinds |= control.NoRow
		case ir.SQLWarning:
			kinds |= control.Warning | control.Declared
		case ir.ByCode:
			e, known := control.ErrorByCode(c.Code)
			if !known {
				return control.Anything
			}
			kinds |= e.Kind
		case ir.SQLException:
			kinds |= control.Errors
		case ir.ByState:
			k, _ := control.ByState(c.State)
			if kinds |= k | control.Declared; control.IsNotFound(c.State) {
				kinds |= control.NoRow
			}
		default:
			return control.Anything
		}
	}
	return kinds
}

// innerCursor tells that a block inside the body of b declares a cursor.
func innerCursor(b *ir.Block) bool {
	for _, s := range b.Body {
		if ir.Find(s, func(n ir.Node) bool { _, ok := n.(*ir.CursorDecl); return ok }) {
			return true
		}
	}
	return false
}

// again tells that a cursor is opened again by a loop around the block that was left.
func again(loops []*ir.Loop, b *ir.Block, c *ir.CursorDecl) bool {
	for _, l := range loops {
		if within(b, l) && within(c, l) {
			return true
		}
	}
	return false
}

func within(n, of ir.Node) bool {
	a, b := n.Base().Span, of.Base().Span
	return a.IsValid() && a.File == b.File && a.Start >= b.Start && a.End <= b.End
}
