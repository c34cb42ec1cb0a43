package plsql

import (
	"strings"

	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/types"
)

var unsupportedType = &diag.Code{
	ID: "TY0502", Title: "a type that the target does not have", Severity: diag.Error, Fidelity: diag.Refused,
	Doc:   "Values of this type have no counterpart on the target (BFILE, ANYDATA, spatial and media types, types of supplied packages).",
	Next:  "Store the value in another form: a path for BFILE, JSON for ANYDATA, PostGIS for spatial types.",
	Learn: 2, Each: 1,
}

var uncheckedRange = &diag.Code{
	ID: "TY0503", Title: "a subtype whose range or NOT NULL is not checked everywhere", Severity: diag.Info, Fidelity: diag.Assumed,
	Doc:  "Assignments to a variable of a subtype with a range (NATURAL, POSITIVE, SIGNTYPE, RANGE lo .. hi) or NOT NULL raise VALUE_ERROR for values outside of it (PL/SQL Language Reference, \"User-Defined PL/SQL Subtypes\"). Assignments by := and values that routines are given are tested on the target. Assumed: no such value comes in another way, by SELECT INTO, FETCH, an OUT parameter or a default.",
	Next: "Nothing, or test the values before they are assigned.",
	Each: 0.05,
}

// binaryText is how text compares by default (NLS_COMP = BINARY).
var binaryText = types.Collation{Name: "BINARY", Binary: true}

// textOf is VARCHAR2(n), of any length for 0.
func textOf(n int) types.Text { return types.Text{N: n, EmptyIsNull: true, Collation: binaryText} }

// typeOf gives the type that a Ref stands for, and fills in what a built-in type leaves open. The frame is nil outside PL/SQL.
func (r *Resolver) typeOf(f *frame, t types.Type, at ir.Node) types.Type {
	switch t := t.(type) {
	case nil:
		return types.Unknown{Why: "no type"}
	case types.Text:
		if t.Collation.IsZero() {
			t.Collation = binaryText
		}
		return t
	case types.Ref:
		return r.refType(f, t, at)
	}
	return t
}

// mostRefs is how many names may stand for one another: more are declared in a circle.
const mostRefs = 100

func (r *Resolver) refType(f *frame, t types.Ref, at ir.Node) types.Type {
	for range mostRefs {
		out := r.meant(f, t)
		if out == nil {
			r.missingType(t, at)
			return types.Unknown{Why: t.String()}
		}
		if u, unknown := out.(types.Unknown); unknown {
			r.fail(unsupportedType, at.Base().Span, "type %s", u.Why)
		}
		if t.Attr == "" && checked[strings.ToUpper(t.Name)] {
			r.note(uncheckedRange, at.Base().Span, "a variable of the subtype %s", t.Name)
		}
		next, again := out.(types.Ref)
		if !again {
			return r.typeOf(f, out, at)
		}
		t = next
	}
	r.fail(unknownTypeName, at.Base().Span, "type %s is declared by itself", t)
	return types.Unknown{Why: t.String()}
}

// meant is what a reference names, nil if that is not known.
func (r *Resolver) meant(f *frame, t types.Ref) types.Type {
	parts := strings.Split(t.Name, ".")
	switch t.Attr {
	case "TYPE":
		return r.typeOfName(f, parts)
	case "ROWTYPE":
		return r.rowTypeOf(f, parts)
	}
	return r.namedType(f, parts)
}

func (r *Resolver) missingType(t types.Ref, at ir.Node) {
	r.fail(unknownTypeName, at.Base().Span, "type %s is not in the catalog", t)
}

// checked are the predefined subtypes that limit their values.
var checked = map[string]bool{"NATURAL": true, "NATURALN": true, "POSITIVE": true, "POSITIVEN": true, "SIGNTYPE": true, "SIMPLE_INTEGER": true}

// standard are the types that STANDARD and the server's own schemas declare, by upper-case name.
var standard = map[string]types.Type{
	"PLS_INTEGER": types.Int{Bits: 32}, "BINARY_INTEGER": types.Int{Bits: 32}, "NATURAL": types.Int{Bits: 32}, "NATURALN": types.Int{Bits: 32},
	"POSITIVE": types.Int{Bits: 32}, "POSITIVEN": types.Int{Bits: 32}, "SIGNTYPE": types.Int{Bits: 32}, "SIMPLE_INTEGER": types.Int{Bits: 32, Wraps: true},
	"NUMBER": types.Decimal{}, "NUMERIC": types.Decimal{}, "DEC": types.Decimal{}, "DECIMAL": types.Decimal{}, "FLOAT": types.Decimal{}, "REAL": types.Decimal{},
	"DOUBLE PRECISION": types.Decimal{}, "INTEGER": types.Decimal{Precision: 38}, "INT": types.Decimal{Precision: 38}, "SMALLINT": types.Decimal{Precision: 38},
	"BINARY_FLOAT": types.Float{Bits: 32}, "BINARY_DOUBLE": types.Float{Bits: 64}, "SIMPLE_FLOAT": types.Float{Bits: 32}, "SIMPLE_DOUBLE": types.Float{Bits: 64},
	"BOOLEAN": types.Bool{}, "DATE": types.DateTime{}, "TIMESTAMP": types.DateTime{Precision: 6}, "TIMESTAMP_UNCONSTRAINED": types.DateTime{Precision: 9},
	"TIMESTAMP_TZ_UNCONSTRAINED": types.Timestamp{Precision: 9}, "TIMESTAMP_LTZ_UNCONSTRAINED": types.Timestamp{Precision: 9, Local: true},
	"DSINTERVAL_UNCONSTRAINED": computedInterval(false), "YMINTERVAL_UNCONSTRAINED": computedInterval(true),
	"VARCHAR2": textOf(0), "VARCHAR": textOf(0), "STRING": textOf(0), "NVARCHAR2": textOf(0), "CHAR": types.Text{N: 1, Fixed: true, EmptyIsNull: true, Collation: binaryText},
	"CHARACTER": types.Text{N: 1, Fixed: true, EmptyIsNull: true, Collation: binaryText}, "NCHAR": types.Text{N: 1, Fixed: true, EmptyIsNull: true, Collation: binaryText},
	"CLOB": types.Text{Collation: binaryText}, "NCLOB": types.Text{Collation: binaryText}, "LONG": types.Text{EmptyIsNull: true, Collation: binaryText},
	"RAW": types.Binary{MaxBytes: 32767}, "BLOB": types.Binary{}, "LONG RAW": types.Binary{}, "ROWID": textOf(18), "UROWID": textOf(4000),
	"SYS_REFCURSOR": types.Cursor{}, "XMLTYPE": types.XML{}, "SYS.XMLTYPE": types.XML{}, "SYS_GUID": types.Binary{N: 16}, "JSON": types.JSON{},
	"SYS.ODCINUMBERLIST": odci("SYS.ODCINUMBERLIST", types.Decimal{}), "SYS.ODCIVARCHAR2LIST": odci("SYS.ODCIVARCHAR2LIST", textOf(4000)), "SYS.ODCIDATELIST": odci("SYS.ODCIDATELIST", types.DateTime{}),
	"ODCINUMBERLIST": odci("SYS.ODCINUMBERLIST", types.Decimal{}), "ODCIVARCHAR2LIST": odci("SYS.ODCIVARCHAR2LIST", textOf(4000)), "ODCIDATELIST": odci("SYS.ODCIDATELIST", types.DateTime{}),
	"DBMS_ID": textOf(128), "DBMS_ID_30": textOf(30), "DBMS_ID_128": textOf(128), "DBMS_QUOTED_ID": textOf(130), "DBMS_QUOTED_ID_30": textOf(32), "DBMS_QUOTED_ID_128": textOf(130),
	"DBMS_UTILITY.UNCL_ARRAY": indexed("DBMS_UTILITY.UNCL_ARRAY", textOf(227)), "DBMS_UTILITY.LNAME_ARRAY": indexed("DBMS_UTILITY.LNAME_ARRAY", textOf(4000)),
	"DBMS_OUTPUT.CHARARR": indexed("DBMS_OUTPUT.CHARARR", textOf(32767)), "DBMS_SQL.VARCHAR2_TABLE": indexed("DBMS_SQL.VARCHAR2_TABLE", textOf(4000)),
	"DBMS_SQL.VARCHAR2S": indexed("DBMS_SQL.VARCHAR2S", textOf(256)), "DBMS_SQL.VARCHAR2A": indexed("DBMS_SQL.VARCHAR2A", textOf(32767)),
	"DBMS_SQL.NUMBER_TABLE": indexed("DBMS_SQL.NUMBER_TABLE", types.Decimal{}), "DBMS_SQL.DATE_TABLE": indexed("DBMS_SQL.DATE_TABLE", types.DateTime{}),
	"JSON_ELEMENT_T": document, "JSON_OBJECT_T": document, "JSON_ARRAY_T": document, "JSON_SCALAR_T": document, "JSON_KEY_LIST": odci("JSON_KEY_LIST", textOf(4000)),
	"BFILE": types.Unknown{Why: "BFILE"}, "ANYDATA": types.Unknown{Why: "ANYDATA"}, "SYS.ANYDATA": types.Unknown{Why: "ANYDATA"}, "ANYTYPE": types.Unknown{Why: "ANYTYPE"},
	"SYS.ANYTYPE": types.Unknown{Why: "ANYTYPE"}, "ANYDATASET": types.Unknown{Why: "ANYDATASET"},
	"SDO_ELEM_INFO_ARRAY": numbersOf("SDO_ELEM_INFO_ARRAY"), "SDO_ORDINATE_ARRAY": numbersOf("SDO_ORDINATE_ARRAY"),
	"MDSYS.SDO_ELEM_INFO_ARRAY": numbersOf("SDO_ELEM_INFO_ARRAY"), "MDSYS.SDO_ORDINATE_ARRAY": numbersOf("SDO_ORDINATE_ARRAY"),
	"VECTOR": types.Unknown{Why: "VECTOR"}, "UTL_FILE.FILE_TYPE": types.Unknown{Why: "UTL_FILE.FILE_TYPE"},
}

func odci(name string, elem types.Type) types.Type {
	return types.Collection{CollectionDecl: &types.CollectionDecl{Name: name, Elem: elem, Max: 32767, Schema: true}}
}

func indexed(name string, elem types.Type) types.Type {
	return types.Collection{CollectionDecl: &types.CollectionDecl{Name: name, Elem: elem, Key: types.Int{Bits: 32}}}
}

// namedType is a declared type: of a block, of a package, of a schema, or one that the server declares. nil if there is none.
func (r *Resolver) namedType(f *frame, parts []string) types.Type {
	if t := r.framedType(f, parts); t != nil {
		return t
	}
	switch len(parts) {
	case 1:
		if o := r.findObjectType("", parts[0]); o != nil {
			return o.Type
		}
	case 2:
		if p := r.findPackage("", parts[0]); p != nil {
			if t := p.Types[strings.ToUpper(parts[1])]; t != nil {
				return t
			}
		}
		if o := r.findObjectType(parts[0], parts[1]); o != nil {
			return o.Type
		}
	case 3:
		if p := r.findPackage(parts[0], parts[1]); p != nil {
			return orNil(p.Types[strings.ToUpper(parts[2])])
		}
	}
	name := strings.TrimPrefix(strings.TrimPrefix(strings.ToUpper(strings.Join(parts, ".")), "SYS.STANDARD."), "STANDARD.")
	if t := standard[name]; t != nil {
		return t
	}
	return orNil(standard[strings.TrimPrefix(name, "SYS.")])
}

func orNil(t types.Type) types.Type {
	if t == nil {
		return nil
	}
	return t
}

// framedType is a type that a frame around declares, by its name or by the name of the frame and its name.
func (r *Resolver) framedType(f *frame, parts []string) types.Type {
	for ; f != nil; f = f.outer {
		if len(parts) == 1 {
			if e := r.member(f, parts[0]); e != nil && e.typ != nil {
				return e.typ
			}
		}
		if len(parts) == 2 && f.label == parts[0] {
			if e := r.member(f, parts[1]); e != nil && e.typ != nil {
				return e.typ
			}
		}
	}
	return nil
}

// typeOfName is name%TYPE: of a variable, parameter, field or column. nil if it is not known.
func (r *Resolver) typeOfName(f *frame, parts []string) types.Type {
	n := &ir.Name{}
	for _, p := range parts {
		n.Parts = append(n.Parts, ir.Ident{Text: p})
	}
	if f != nil {
		if e := r.framedName(f.plain(), n); e != nil && e.TypeOf() != nil {
			return e.TypeOf()
		}
	}
	if t := r.columnType(parts); t != nil {
		return t
	}
	if len(parts) > 1 {
		if e := r.packagedName(&scope{block: f}, n); e != nil && e.TypeOf() != nil {
			return e.TypeOf()
		}
	}
	return nil
}

// columnType is the type of [owner.]table.column, or of an attribute of an object column.
func (r *Resolver) columnType(parts []string) types.Type {
	q := func(list []string) ir.QName {
		out := ir.QName{}
		for _, p := range list {
			out.Parts = append(out.Parts, ir.Ident{Text: p})
		}
		return out
	}
	if len(parts) < 2 || len(parts) > 3 {
		return nil
	}
	t := r.findTable(q(parts[:len(parts)-1]))
	if t == nil {
		return dictionaryType(parts)
	}
	for _, c := range r.columnsOf(t) {
		if c.name == parts[len(parts)-1] {
			return c.typ
		}
	}
	return nil
}

// rowTypeOf is name%ROWTYPE: of a table, view, cursor or cursor variable. nil if it is not known.
func (r *Resolver) rowTypeOf(f *frame, parts []string) types.Type {
	n := &ir.Name{}
	q := ir.QName{}
	for _, p := range parts {
		n.Parts = append(n.Parts, ir.Ident{Text: p})
		q.Parts = append(q.Parts, ir.Ident{Text: p})
	}
	var e ir.Expr
	if f != nil {
		e = r.framedName(f.plain(), n)
	}
	if e == nil && len(parts) > 1 && r.findPackage(q.Schema(), parts[len(parts)-2]) != nil {
		e = r.packagedName(&scope{block: f}, n)
	}
	if e != nil {
		switch t := e.TypeOf().(type) {
		case types.Cursor:
			if t.Row != nil {
				return types.Record{RecordDecl: t.Row}
			}
			return nil
		case types.Record:
			return t
		}
	}
	if len(parts) > 2 {
		return nil
	}
	if t := r.findTable(q); t != nil {
		if len(t.Columns) == 0 {
			r.settleTable(t)
		}
		return r.rowOfTable(t)
	}
	return nil
}
