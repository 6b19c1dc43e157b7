using System.Security.Cryptography;

namespace Sluice.Core.Audit;

/// <summary>Links events: each row's MAC covers the row before, so that none can be changed, taken out or put in without the key.</summary>
public static class AuditChain
{
    /// <summary>What stands in the place of a MAC before the first row.</summary>
    public static byte[] Start() => new byte[AuditKey.MacSize];

    /// <summary>Numbers events of one stream and links them to the row before.</summary>
    /// <param name="key">The key.</param>
    /// <param name="sequence">The number of the row before; 0: there is none.</param>
    /// <param name="previousMac">Its MAC, or <see cref="Start"/>.</param>
    /// <param name="events">In the order in which they happened.</param>
    public static IReadOnlyList<AuditRow> Link(AuditKey key, long sequence, byte[] previousMac, IReadOnlyList<AuditEvent> events)
    {
        var rows = new List<AuditRow>(events.Count);
        foreach (var each in events)
        {
            var numbered = each with { Sequence = ++sequence };
            previousMac = MacOf(key, previousMac, numbered);
            rows.Add(new AuditRow(numbered, key.Id, previousMac));
        }

        return rows;
    }

    /// <summary>Signs the state of a stream.</summary>
    public static AuditCheckpoint Sign(AuditKey key, AuditHead head, DateTimeOffset time)
    {
        var unsigned = new AuditCheckpoint(head.Stream, head.Sequence, head.Mac, head.Sequence - head.PrunedThrough, time, key.Id, []);
        return unsigned with { Signature = SignatureOf(key, unsigned) };
    }

    /// <summary>Whether a checkpoint is signed by a key at hand.</summary>
    public static bool IsGenuine(AuditCheckpoint checkpoint, Func<string, AuditKey?> keys) =>
        keys(checkpoint.KeyId) is { } key && CryptographicOperations.FixedTimeEquals(SignatureOf(key, checkpoint), checkpoint.Signature);

    internal static byte[] MacOf(AuditKey key, byte[] previousMac, AuditEvent each)
    {
        using var bytes = new CanonicalBytes();
        bytes.Add("sluice:audit-row:v1").Add(previousMac).Add(key.Id).Add(each.Stream.Name).Add(each.Sequence).Add(each.Time.UtcTicks)
            .Add(each.ActorId).Add(each.ActorName).Add(each.Action);
        bytes.Add(each.Object?.Names.Length ?? 0);
        foreach (var name in each.Object?.Names ?? []) bytes.Add(name);
        bytes.Add(each.Person).Add(each.Details).Add(each.BulkId).Add(each.PlanId);
        return key.OfRow(bytes.Written);
    }

    private static byte[] SignatureOf(AuditKey key, AuditCheckpoint checkpoint)
    {
        using var bytes = new CanonicalBytes();
        bytes.Add("sluice:audit-checkpoint:v1").Add(checkpoint.KeyId).Add(checkpoint.Stream.Name).Add(checkpoint.Sequence).Add(checkpoint.Mac)
            .Add(checkpoint.Count).Add(checkpoint.Time.UtcTicks);
        return key.OfCheckpoint(bytes.Written);
    }
}
