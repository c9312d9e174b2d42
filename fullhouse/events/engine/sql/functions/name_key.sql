-- name_key(text) -> text: the key under which two section or row labels are the same.
-- NFKC; Arabic yeh and kaf to Persian; Arabic and Persian digits to 0-9; zero-width non-joiner,
-- right-to-left mark and all spaces removed; case folded; null and blank are ''. Punctuation stays.
-- Twin: domain/names.py. translate() drops the characters of its second argument that have no
-- partner in the third: the spaces. Sharp s and final sigma are the folds that lower() leaves out.
CREATE FUNCTION {schema}.name_key(p_label text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT replace(replace(lower(translate(
        normalize(coalesce(p_label, ''), NFKC),
        U&'\064A\0649\0643'
        '\0660\0661\0662\0663\0664\0665\0666\0667\0668\0669'
        '\06F0\06F1\06F2\06F3\06F4\06F5\06F6\06F7\06F8\06F9'
        '\0009\000A\000B\000C\000D\0020\0085\00A0\1680\2000\2001\2002\2003\2004\2005\2006'
        '\2007\2008\2009\200A\2028\2029\202F\205F\3000\200C\200F',
        U&'\06CC\06CC\06A9'
        '01234567890123456789'
    )), 'ß', 'ss'), 'ς', 'σ')
$$;
