package plsql

import (
	"godwit/ir/catalog"
	"godwit/ir/types"
)

// geometrySchema owns the types of Spatial. Their attributes are documented (Spatial Developer's Guide, "SDO_GEOMETRY Object Type"), and programs use them like
// those of a type of their own.
const geometrySchema = "MDSYS"

// numbersOf is a VARRAY of numbers of Spatial.
func numbersOf(name string) types.Type {
	return types.Collection{CollectionDecl: &types.CollectionDecl{Name: geometrySchema + "." + name, Elem: types.Decimal{}, Max: 1048576, Schema: true}}
}

// geometryType is SDO_GEOMETRY or SDO_POINT_TYPE, nil for all other names.
func (r *Resolver) geometryType(owner, name string) *catalog.ObjectType {
	if owner != "" && owner != geometrySchema {
		return nil
	}
	switch name {
	case "SDO_POINT_TYPE":
		return r.suppliedObject(name, field("X", types.Decimal{}), field("Y", types.Decimal{}), field("Z", types.Decimal{}))
	case "SDO_GEOMETRY":
		point := r.geometryType(owner, "SDO_POINT_TYPE")
		return r.suppliedObject(name, field("SDO_GTYPE", types.Decimal{}), field("SDO_SRID", types.Decimal{}), field("SDO_POINT", point.Type),
			field("SDO_ELEM_INFO", numbersOf("SDO_ELEM_INFO_ARRAY")), field("SDO_ORDINATES", numbersOf("SDO_ORDINATE_ARRAY")))
	}
	return nil
}

func field(name string, t types.Type) types.Field { return types.Field{Name: name, Type: t} }

// suppliedObject is an object type that the server brings, always the same one.
func (r *Resolver) suppliedObject(name string, fields ...types.Field) *catalog.ObjectType {
	if o := r.suppliedTypes[name]; o != nil {
		return o
	}
	o := &catalog.ObjectType{Schema: geometrySchema, Name: name, Final: true, Supplied: true}
	d := &types.ObjectDecl{Name: geometrySchema + "." + name, Fields: fields, Of: o}
	o.Type = types.Object{ObjectDecl: d}
	if r.suppliedTypes == nil {
		r.suppliedTypes = map[string]*catalog.ObjectType{}
	}
	r.suppliedTypes[name], r.objects[d] = o, o
	return o
}
