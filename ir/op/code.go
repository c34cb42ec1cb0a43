package op

import "godwit/ir/types"

// Operations that hash, encode, encrypt and identify.
const (
	MD5                Op = "code.md5"
	SHA1               Op = "code.sha1"
	SHA2               Op = "code.sha2"
	Unhex              Op = "code.unhex"
	ToBase64           Op = "code.to_base64"
	FromBase64         Op = "code.from_base64"
	AESEncrypt         Op = "code.aes_encrypt"
	AESDecrypt         Op = "code.aes_decrypt"
	Compress           Op = "code.compress"
	Uncompress         Op = "code.uncompress"
	UncompressedLength Op = "code.uncompressed_length"
	RandomBytes        Op = "code.random_bytes"
	Password           Op = "code.password"
	OldEncrypt         Op = "code.encrypt"
	StatementDigest    Op = "code.statement_digest"
	UUID               Op = "code.uuid"
	UUIDShort          Op = "code.uuid_short"
	UUIDToBin          Op = "code.uuid_to_bin"
	BinToUUID          Op = "code.bin_to_uuid"
	IsUUID             Op = "code.is_uuid"
	SysGUID            Op = "code.sys_guid"
	InetATON           Op = "code.inet_aton"
	InetNTOA           Op = "code.inet_ntoa"
	Inet6ATON          Op = "code.inet6_aton"
	Inet6NTOA          Op = "code.inet6_ntoa"
	IsIPv4             Op = "code.is_ipv4"
	IsIPv6             Op = "code.is_ipv6"
	IsIPv4Compat       Op = "code.is_ipv4_compat"
	IsIPv4Mapped       Op = "code.is_ipv4_mapped"
)

func codeOps() []Info {
	b, t, i := BytesArg, TextArg, IntArg
	in, bin := fixed(intResult), fixed(binaryResult)
	return []Info{
		{Op: MD5, Min: 1, Max: 1, Args: []ArgClass{b}, result: fixed(text(32)), Doc: "The MD5 of the bytes in lower case hexadecimal."},
		{Op: SHA1, Min: 1, Max: 1, Args: []ArgClass{b}, result: fixed(text(40)), Doc: "The SHA-1 of the bytes in lower case hexadecimal."},
		{Op: SHA2, Min: 2, Max: 2, Args: []ArgClass{b, i}, result: fixed(text(128)), Doc: "SHA-224, 256 (also 0), 384 or 512 in lower case hexadecimal; NULL for other lengths."},
		{Op: Unhex, Min: 1, Max: 1, Args: []ArgClass{t}, result: bin, Doc: "The bytes of hexadecimal digits (an odd count gets a leading 0); NULL when there is another character."},
		{Op: ToBase64, Min: 1, Max: 1, Args: []ArgClass{b}, result: fixed(text(0)), Doc: "Base 64 of the bytes with a line break behind every 76 characters."},
		{Op: FromBase64, Min: 1, Max: 1, Args: []ArgClass{t}, result: bin, Doc: "The bytes of base 64 text, blanks and line breaks skipped; NULL when it is none."},
		{Op: AESEncrypt, Min: 2, Max: 6, Args: []ArgClass{b}, result: bin, Doc: "AES by block_encryption_mode; not converted."},
		{Op: AESDecrypt, Min: 2, Max: 6, Args: []ArgClass{b}, result: bin, Doc: "AES by block_encryption_mode; not converted."},
		{Op: Compress, Min: 1, Max: 1, Args: []ArgClass{b}, result: bin, Doc: "zlib with a length in front; not converted."},
		{Op: Uncompress, Min: 1, Max: 1, Args: []ArgClass{b}, result: bin, Doc: "The inverse of COMPRESS; not converted."},
		{Op: UncompressedLength, Min: 1, Max: 1, Args: []ArgClass{b}, result: in, Doc: "The length in front of COMPRESS's result; not converted."},
		{Op: RandomBytes, Min: 1, Max: 1, Args: []ArgClass{i}, Volatility: Volatile, CanRaise: true, result: bin, Doc: "So many random bytes (1 to 1024)."},
		{Op: Password, Min: 1, Max: 1, Args: []ArgClass{b}, result: fixed(text(41)), Doc: "An asterisk and the SHA-1 of the SHA-1 in upper case hexadecimal; empty for the empty text."},
		{Op: OldEncrypt, Min: 1, Max: 2, Args: []ArgClass{b}, result: bin, Doc: "ENCRYPT, ENCODE, DECODE, DES_ENCRYPT, DES_DECRYPT; not converted."},
		{Op: StatementDigest, Min: 1, Max: 1, Args: []ArgClass{t}, result: fixed(text(64)), Doc: "A digest of a statement; not converted."},
		{Op: UUID, Nulls: NullNever, Volatility: Volatile, result: fixed(text(36)), Doc: "A new identifier (version 1) as text."},
		{Op: UUIDShort, Nulls: NullNever, Volatility: Volatile, result: fixed(types.Int{Bits: 64, Unsigned: true}), Doc: "A new 64-bit identifier."},
		{Op: UUIDToBin, Min: 1, Max: 2, Args: []ArgClass{t, i}, CanRaise: true, result: fixed(types.Binary{N: 16}), Doc: "The 16 bytes of an identifier; with 1 the time parts are swapped. An error for what is none."},
		{Op: BinToUUID, Min: 1, Max: 2, Args: []ArgClass{b, i}, CanRaise: true, result: fixed(text(36)), Doc: "The inverse of code.uuid_to_bin."},
		{Op: IsUUID, Min: 1, Max: 1, Args: []ArgClass{t}, result: in, Doc: "1 when the text is an identifier: 32 digits, with dashes, or in braces."},
		{Op: SysGUID, Nulls: NullNever, Volatility: Volatile, result: fixed(text(32)), Doc: "A new identifier of 32 hexadecimal digits (MariaDB)."},
		{Op: InetATON, Min: 1, Max: 1, Args: []ArgClass{t}, result: fixed(bigResult), Doc: "The number of an IPv4 address, short forms included (127.1); NULL for what is none."},
		{Op: InetNTOA, Min: 1, Max: 1, Args: []ArgClass{i}, result: fixed(text(15)), Doc: "The IPv4 address of a number; NULL when it is negative or above 4294967295."},
		{Op: Inet6ATON, Min: 1, Max: 1, Args: []ArgClass{t}, result: fixed(types.Binary{N: 16}), Doc: "The 4 or 16 bytes of an address; NULL for what is none."},
		{Op: Inet6NTOA, Min: 1, Max: 1, Args: []ArgClass{b}, result: fixed(text(39)), Doc: "The address of 4 or 16 bytes; NULL for other lengths."},
		{Op: IsIPv4, Min: 1, Max: 1, Args: []ArgClass{t}, Nulls: NullOwn, result: in, Doc: "1 when the text is a full IPv4 address, else 0."},
		{Op: IsIPv6, Min: 1, Max: 1, Args: []ArgClass{t}, Nulls: NullOwn, result: in, Doc: "1 when the text is an IPv6 address, else 0."},
		{Op: IsIPv4Compat, Min: 1, Max: 1, Args: []ArgClass{b}, Nulls: NullOwn, result: in, Doc: "1 when the 16 bytes are an IPv4-compatible address."},
		{Op: IsIPv4Mapped, Min: 1, Max: 1, Args: []ArgClass{b}, Nulls: NullOwn, result: in, Doc: "1 when the 16 bytes are an IPv4-mapped address."},
	}
}
