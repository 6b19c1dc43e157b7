using System.Security.Cryptography;
using System.Text;
using Sluice.Core.Catalog;

namespace Sluice.Core.Planning;

/// <summary>Of what is asked of a platform: the same digest, nothing else to do there.</summary>
public static class IntentDigest
{
    private const int BufferSize = 1 << 16;

    /// <summary>
    /// Of the facts in their order, and of what says whose an observed fact is: the active objects, and who holds which identity. Why something is asked for does
    /// not count. Which grants are ours already does not either: only applies change that.
    /// </summary>
    public static byte[] Of(AccessIntent intent, DesiredState desired)
    {
        using var hash = SHA256.Create();
        using (var hashing = new CryptoStream(Stream.Null, hash, CryptoStreamMode.Write))
        using (var buffer = new BufferedStream(hashing, BufferSize))
        using (var writer = new BinaryWriter(buffer, Encoding.UTF8))
        {
            writer.Write(intent.Prefix);
            writer.Write(intent.ProtectsUnregistered);
            writer.Write(intent.MasksInView);
            writer.Write(intent.GroupBudget);
            writer.Write(intent.Scope);
            WriteAll(writer, intent.ExemptRoles, writer.Write);
            WriteAll(writer, intent.MaskFunctionSchemas, writer.Write);
            WriteAll(writer, intent.Objects, o =>
            {
                Write(writer, o.Object.Path);
                writer.Write(o.NativeId ?? "");
                writer.Write(o.GrantMethod ?? "");
            });
            WriteAll(writer, intent.Identities, i =>
            {
                writer.Write(i.Name);
                WriteAll(writer, i.Holders, h =>
                {
                    writer.Write(h.Id);
                    writer.Write(h.Username);
                    writer.Write(h.IsEnabled);
                });
            });
            WriteAll(writer, desired.Facts, f =>
            {
                writer.Write((int)f.Key.Kind);
                Write(writer, f.Key.Object);
                writer.Write(f.Key.Subject);
                writer.Write(f.Key.Detail);
                writer.Write(f.Definition);
                writer.Write(f.IsDirect);
            });
        }

        return hash.Hash!;
    }

    // How many come first, so that no two lists of lists are written alike.
    private static void WriteAll<T>(BinaryWriter writer, IReadOnlyList<T> all, Action<T> write)
    {
        writer.Write(all.Count);
        foreach (var one in all) write(one);
    }

    private static void Write(BinaryWriter writer, ObjectPath? path) => WriteAll(writer, path is null ? [] : path.Names, writer.Write);
}
