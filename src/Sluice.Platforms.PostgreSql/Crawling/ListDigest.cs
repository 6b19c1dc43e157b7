using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Sluice.Platforms.PostgreSql.Crawling;

/// <summary>A digest of a list of containers, by which a cursor knows the list it rests on again.</summary>
internal static class ListDigest
{
    /// <summary>The digest of databases and their names; never 0 or negative.</summary>
    public static long Of(IEnumerable<DatabaseRow> databases) => Of(databases.Select(d => (d.Oid, d.Name)));

    /// <summary>The digest of schemas and their names; never 0 or negative.</summary>
    public static long Of(IEnumerable<SchemaRow> schemas) => Of(schemas.Select(s => (s.Oid, s.Name)));

    private static long Of(IEnumerable<(long Oid, string Name)> list)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> number = stackalloc byte[sizeof(long) + sizeof(int)];
        foreach (var (oid, name) in list)
        {
            var text = Encoding.UTF8.GetBytes(name);
            BinaryPrimitives.WriteInt64LittleEndian(number, oid);
            BinaryPrimitives.WriteInt32LittleEndian(number[sizeof(long)..], text.Length);
            hash.AppendData(number);
            hash.AppendData(text);
        }

        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        hash.GetHashAndReset(digest);
        return Math.Max(1, BinaryPrimitives.ReadInt64LittleEndian(digest) & long.MaxValue);
    }
}
