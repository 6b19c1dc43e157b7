using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Sluice.Storage.Catalog;

namespace Sluice.Engine.Catalog;

/// <summary>An active table or view.</summary>
/// <param name="Id">Stable for the life of the object's row, through renames and while it is missing or inactive.</param>
/// <param name="Name"><c>connectionKey.database.schema.table</c> in the platform's casing.</param>
public sealed record DataSource(Guid Id, string Name)
{
    /// <summary>The data source an object is, or would be.</summary>
    public static DataSource Of(StoredObject source)
    {
        Span<byte> seed = stackalloc byte[24];
        source.ConnectionId.TryWriteBytes(seed);
        BinaryPrimitives.WriteInt64BigEndian(seed[16..], source.Id);
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(seed, digest);
        digest[6] = (byte)((digest[6] & 0x0F) | 0x80);
        digest[8] = (byte)((digest[8] & 0x3F) | 0x80);
        return new DataSource(new Guid(digest[..16], bigEndian: true), new StringBuilder().AppendJoin('.', source.Path.Names).ToString());
    }
}
