package op

import (
	"strings"

	"godwit/ir/types"
)

// SpatialFunction tells how a spatial function is called in PostGIS and what it returns.
type SpatialFunction struct {
	Target   string // function of the target
	Result   types.Type
	Min, Max int // arguments
	// Boolean tells that the target returns a truth value where the source returns 0 or 1.
	Boolean bool
	// Texts tells that the first argument holds coordinates, a second one is their reference system.
	Texts bool
}

// SpatialOf finds the counterpart of a spatial function in PostGIS; ok is false if none means the same. The forms without ST_ that compare
// bounding boxes (CONTAINS, WITHIN, ...) have none.
func SpatialOf(o Op) (f SpatialFunction, ok bool) {
	name := strings.ToUpper(strings.TrimPrefix(string(o), spatialPrefix))
	short, st := strings.CutPrefix(name, "ST_")
	switch short {
	case "POINT":
		return SpatialFunction{Target: "st_makepoint", Result: types.Geometry{Kind: "POINT"}, Min: 2, Max: 2}, !st
	case "GEOMFROMTEXT", "GEOMETRYFROMTEXT":
		return SpatialFunction{Target: "st_geomfromtext", Result: types.Geometry{Kind: "GEOMETRY"}, Min: 1, Max: 2, Texts: true}, true
	case "POINTFROMTEXT":
		return SpatialFunction{Target: "st_geomfromtext", Result: types.Geometry{Kind: "POINT"}, Min: 1, Max: 2, Texts: true}, true
	case "LINEFROMTEXT", "LINESTRINGFROMTEXT":
		return SpatialFunction{Target: "st_geomfromtext", Result: types.Geometry{Kind: "LINESTRING"}, Min: 1, Max: 2, Texts: true}, true
	case "POLYFROMTEXT", "POLYGONFROMTEXT":
		return SpatialFunction{Target: "st_geomfromtext", Result: types.Geometry{Kind: "POLYGON"}, Min: 1, Max: 2, Texts: true}, true
	case "GEOMFROMWKB":
		return SpatialFunction{Target: "st_geomfromwkb", Result: types.Geometry{Kind: "GEOMETRY"}, Min: 1, Max: 2, Texts: true}, true
	case "ASTEXT", "ASWKT":
		return SpatialFunction{Target: "st_astext", Result: types.Text{}, Min: 1, Max: 1}, true
	case "ASBINARY", "ASWKB":
		return SpatialFunction{Target: "st_asbinary", Result: types.Binary{}, Min: 1, Max: 1}, true
	case "X", "Y", "LENGTH", "AREA":
		return SpatialFunction{Target: "st_" + strings.ToLower(short), Result: types.Float{Bits: 64}, Min: 1, Max: 1}, true
	case "GLENGTH":
		return SpatialFunction{Target: "st_length", Result: types.Float{Bits: 64}, Min: 1, Max: 1}, true
	case "DISTANCE":
		return SpatialFunction{Target: "st_distance", Result: types.Float{Bits: 64}, Min: 2, Max: 2}, true
	case "SRID", "NUMPOINTS", "NUMGEOMETRIES", "DIMENSION":
		return SpatialFunction{Target: "st_" + strings.ToLower(short), Result: types.Int{Bits: 64}, Min: 1, Max: 1}, true
	case "CENTROID", "STARTPOINT", "ENDPOINT":
		return SpatialFunction{Target: "st_" + strings.ToLower(short), Result: types.Geometry{Kind: "POINT"}, Min: 1, Max: 1}, true
	case "POINTN":
		return SpatialFunction{Target: "st_pointn", Result: types.Geometry{Kind: "POINT"}, Min: 2, Max: 2}, true
	case "ENVELOPE", "CONVEXHULL":
		return SpatialFunction{Target: "st_" + strings.ToLower(short), Result: types.Geometry{Kind: "GEOMETRY"}, Min: 1, Max: 1}, true
	case "UNION", "INTERSECTION", "DIFFERENCE", "SYMDIFFERENCE":
		return SpatialFunction{Target: "st_" + strings.ToLower(short), Result: types.Geometry{Kind: "GEOMETRY"}, Min: 2, Max: 2}, true
	case "CONTAINS", "WITHIN", "INTERSECTS", "EQUALS", "TOUCHES", "DISJOINT", "CROSSES", "OVERLAPS":
		return SpatialFunction{Target: "st_" + strings.ToLower(short), Result: types.Int{Bits: 64}, Min: 2, Max: 2, Boolean: true}, st
	case "ISEMPTY", "ISCLOSED", "ISSIMPLE", "ISVALID":
		return SpatialFunction{Target: "st_" + strings.ToLower(short), Result: types.Int{Bits: 64}, Min: 1, Max: 1, Boolean: true}, true
	}
	return SpatialFunction{}, false
}
