package plsql

import (
	"strings"

	"godwit/ir/types"
)

// opaque are types of the server that hold values of no other type: only their own values, and NULL, fit a parameter of theirs.
var opaque = map[string]bool{"BFILE": true, "ANYDATA": true, "ANYTYPE": true, "ANYDATASET": true, "UTL_FILE.FILE_TYPE": true, "VECTOR": true,
	"JSON_ELEMENT_T": true, "JSON_OBJECT_T": true, "JSON_ARRAY_T": true, "JSON_SCALAR_T": true, "JSON_KEY_LIST": true}

// isOpaque tells a type that is not known otherwise, and that no value of a known type has.
func isOpaque(t types.Type) bool {
	u, ok := t.(types.Unknown)
	if !ok {
		return false
	}
	why := strings.TrimSuffix(strings.TrimPrefix(u.Why, "the data type "), " is not converted")
	return opaque[strings.TrimPrefix(strings.ToUpper(why), "SYS.")]
}

// twoBinaries tells a RAW and a BLOB, which are types of their own where a form is chosen.
func twoBinaries(from, to types.Type) bool {
	x, ok := from.(types.Binary)
	y, also := to.(types.Binary)
	return ok && also && isRaw(x) != isRaw(y)
}

// twoZones tells a TIMESTAMP WITH TIME ZONE and one WITH LOCAL TIME ZONE, which are types of their own where a form is chosen.
func twoZones(from, to types.Type) bool {
	x, ok := from.(types.Timestamp)
	y, also := to.(types.Timestamp)
	return ok && also && x.Local != y.Local
}

// likeness tells how well a value with parts fits a parameter: 0 for the same declaration, and for objects the steps up to the type of the
// parameter. Others are ranked behind all of these.
func likeness(from, to types.Type) int {
	const unlike = 8
	switch x := from.(type) {
	case types.Object:
		y, ok := to.(types.Object)
		if !ok || x.ObjectDecl == nil || y.ObjectDecl == nil {
			return unlike
		}
		steps := 0
		for d := x.ObjectDecl; d != nil && steps < unlike; d = d.Super {
			if d == y.ObjectDecl || strings.EqualFold(d.Name, y.Name) {
				return min(steps, unlike-1)
			}
			steps++
		}
		return unlike
	case types.Collection:
		y, ok := to.(types.Collection)
		switch {
		case !ok || x.CollectionDecl == nil || y.CollectionDecl == nil:
			return unlike
		case x.CollectionDecl == y.CollectionDecl || x.Name != "" && strings.EqualFold(x.Name, y.Name):
			return 0
		}
		return unlike
	case types.Cursor:
		if _, ok := to.(types.Cursor); ok {
			return 0
		}
		return unlike
	case types.Record:
		if y, ok := to.(types.Record); ok && x.RecordDecl == y.RecordDecl {
			return 0
		}
		if _, ok := to.(types.Object); ok {
			return unlike
		}
		if _, ok := to.(types.Collection); ok {
			return unlike
		}
	}
	return 3
}
