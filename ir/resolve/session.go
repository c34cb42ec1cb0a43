package resolve

import (
	"godwit/ir"
	"godwit/ir/op"
	"godwit/ir/types"
)

// sysVarType is the type of a system variable; those that are numbers are listed, the rest is text.
func sysVarType(name string) types.Type {
	switch name {
	case "autocommit", "foreign_key_checks", "unique_checks", "sql_safe_updates", "sql_auto_is_null", "sql_big_selects", "sql_notes",
		"sql_warnings", "tx_read_only", "transaction_read_only", "auto_increment_increment", "auto_increment_offset", "error_count",
		"group_concat_max_len", "identity", "insert_id", "last_insert_id", "lc_time_names_id", "lower_case_table_names",
		"max_allowed_packet", "max_connections", "max_execution_time", "max_sp_recursion_depth", "port", "pseudo_thread_id",
		"rand_seed1", "rand_seed2", "server_id", "sql_select_limit", "wait_timeout", "interactive_timeout", "warning_count",
		"in_transaction", "div_precision_increment", "default_week_format", "sql_log_bin", "sql_quote_show_create", "sql_buffer_result":
		return types.Int{Bits: 64}
	}
	return types.Text{}
}

// session is the type that a user variable takes from a value: integers, decimals, floating point, bytes, or text.
func (r *Resolver) session(t types.Type) types.Type {
	switch t := t.(type) {
	case types.Int, types.Year, types.Bit, types.Bool:
		i, _ := asInt(t)
		return types.Int{Bits: 64, Unsigned: i.Unsigned && i.Bits == 64}
	case types.Decimal:
		return types.Decimal{}
	case types.Float:
		return types.Float{Bits: 64}
	case types.Binary:
		return types.Binary{}
	case types.Null:
		return types.Null{}
	}
	return r.textOf(types.Text{})
}

// userVar is the type that a user variable has where the session stands.
func (r *Resolver) userVar(v *ir.UserVar) types.Type {
	t, ok := r.vars[v.Name]
	switch {
	case ok && t == nil:
		r.note(dynamicVariable, v.Span, "@%s takes values of different types", v.Name)
	case ok:
		if _, null := t.(types.Null); !null {
			return t
		}
	case r.inRoutine:
		r.note(dynamicVariable, v.Span, "@%s is set outside the routine", v.Name)
	}
	return r.textOf(types.Text{})
}

// computed tells a value that is neither a literal nor a column or variable.
func computed(e ir.Expr) bool {
	switch e := e.(type) {
	case *ir.Number, *ir.Name, *ir.Cast, *ir.UserVar:
		return false
	case *ir.Unary:
		return computed(e.X)
	}
	return true
}

// assignUserVar notes the type that an assignment gives to a user variable.
func (r *Resolver) assignUserVar(v *ir.UserVar, value ir.Expr) types.Type {
	t := r.session(value.TypeOf())
	if _, dec := t.(types.Decimal); dec && computed(value) {
		r.note(variableDigits, v.Span, "@%s is assumed not to be shown with all of its digits", v.Name)
	}
	if types.IsUnknown(value.TypeOf()) {
		t = nil
	}
	r.setUserVar(v.Name, t)
	if t == nil {
		return r.textOf(types.Text{})
	}
	return t
}

// quotientKept notes a quotient or an average that SELECT ... INTO gives to a user variable, with more digits than a query shows.
func (r *Resolver) quotientKept(v *ir.UserVar, value ir.Expr) {
	if _, dec := value.TypeOf().(types.Decimal); !dec {
		return
	}
	found := false
	ir.Walk(value, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.Div:
			found = found || n.Kind == ir.DivExact
		case *ir.Aggregate:
			found = found || n.Op == op.Avg
		}
		return !found
	})
	if found {
		r.note(variableDigits, v.Span, "@%s is assumed not to be shown with all of its digits", v.Name)
	}
}

// setUserVar: outside routines the last assignment counts, inside all of them together.
func (r *Resolver) setUserVar(name string, t types.Type) {
	old, known := r.vars[name]
	if r.inRoutine && known {
		t = joinSession(old, t)
	}
	r.vars[name] = t
	if r.assigned != nil {
		if o, ok := r.assigned[name]; ok {
			t = joinSession(o, t)
		}
		r.assigned[name] = t
	}
}

// joinSession is the type that holds values of both; nil if that takes text.
func joinSession(a, b types.Type) types.Type {
	if a == nil || b == nil {
		return nil
	}
	if a == b {
		return a
	}
	if _, ok := a.(types.Null); ok {
		return b
	}
	if _, ok := b.(types.Null); ok {
		return a
	}
	if kindOf(a) != numberKind || kindOf(b) != numberKind {
		return nil
	}
	if isFloat(a) || isFloat(b) {
		return types.Float{Bits: 64}
	}
	return types.Decimal{}
}

// afterCall takes over what a called routine does to user variables.
func (r *Resolver) afterCall(assigned map[string]types.Type) {
	for n, t := range assigned {
		if old, ok := r.vars[n]; ok {
			t = joinSession(old, t)
		}
		r.setUserVar(n, t)
	}
}
