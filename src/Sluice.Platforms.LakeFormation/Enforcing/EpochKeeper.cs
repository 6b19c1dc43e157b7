using System.Globalization;
using Sluice.Platforms.LakeFormation.Wire;

namespace Sluice.Platforms.LakeFormation.Enforcing;

/// <summary>The count of applies, as the value of an LF-Tag that is assigned to nothing. Lake Formation has no comments, and no other place of ours.</summary>
internal sealed class EpochKeeper(LakeFormationClient reading, LakeFormationWriter lake)
{
    /// <summary>Reads it; null where there is none, or this principal may not see it.</summary>
    public async Task<long?> ReadAsync(string prefix, CancellationToken cancellationToken)
    {
        var values = await ValuesAsync(KeyOf(prefix), cancellationToken);
        return values.Count == 0 ? null : values.Max(NumberOf);
    }

    /// <summary>Writes it.</summary>
    public async Task WriteAsync(string prefix, long epoch, CancellationToken cancellationToken)
    {
        var key = KeyOf(prefix);
        var value = epoch.ToString(CultureInfo.InvariantCulture);
        var there = await ValuesAsync(key, cancellationToken);
        if (there.Count == 0) await lake.CreateLFTagAsync(new LFTag(key, [value]), cancellationToken);
        else if (there is not [var only] || only != value)
            await lake.UpdateLFTagAsync(key, there.Contains(value, StringComparer.Ordinal) ? [] : [value], [.. there.Where(v => v != value)], cancellationToken);
    }

    /// <summary>Takes it away. A key with values that are no counts is not ours.</summary>
    public async Task RemoveAsync(string prefix, CancellationToken cancellationToken)
    {
        var there = await ValuesAsync(KeyOf(prefix), cancellationToken);
        if (there.Count > 0 && there.All(static v => NumberOf(v) > 0)) await lake.DeleteLFTagAsync(KeyOf(prefix), cancellationToken);
    }

    private async Task<IReadOnlyList<string>> ValuesAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            // moto answers an unknown key with no values where AWS says EntityNotFound.
            return await reading.GetLFTagAsync(key, cancellationToken) is { Values: { Length: > 0 } values } ? values : [];
        }
        catch (PlatformException e) when (e.Failure is PlatformFailure.NotFound or PlatformFailure.AccessDenied)
        {
            return [];
        }
    }

    private static string KeyOf(string prefix) => $"{prefix.ToLowerInvariant()}_epoch";

    private static long NumberOf(string value) => long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
