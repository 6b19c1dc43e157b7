using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Sluice.Platforms.LakeFormation.Wire;

namespace Sluice.Platforms.LakeFormation.Enforcing;

/// <summary>
/// The count of applies, as the value of an LF-Tag that is assigned to nothing. Lake Formation has no comments, and no other place of ours: the value also tells
/// which instance's the LF-Tags of a prefix are, for on the others there is no room for that.
/// </summary>
internal sealed class EpochKeeper(LakeFormationClient reading, LakeFormationWriter lake, InstanceMark mark)
{
    private const int DigitsOfInstance = 16;

    // 50 characters at most, in lower case, whatever an instance's id is.
    private readonly string _instance = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(mark.InstanceId)))[..DigitsOfInstance];

    /// <summary>The key of the LF-Tag.</summary>
    public static string KeyOf(string prefix) => $"{prefix.ToLowerInvariant()}_epoch";

    /// <summary>Refuses to go on where the values of the LF-Tag are not this instance's: two instances would undo each other's work.</summary>
    /// <exception cref="PlatformException">They are not.</exception>
    public void Demand(string prefix, IEnumerable<string> values)
    {
        if (values.All(v => CountOf(v) is not null)) return;
        throw new PlatformException(
            PlatformFailure.Refused,
            $"LF-Tag {KeyOf(prefix)} is not of this instance of Sluice: another one keeps its LF-Tags under this prefix, and they are not changed. "
            + $"Give the connection another settings.prefix; or delete that LF-Tag, once you know that the other instance is no more.");
    }

    /// <summary>Reads it; null where there is none of ours, or this principal may not see it.</summary>
    public async Task<long?> ReadAsync(string prefix, CancellationToken cancellationToken) => (await ValuesAsync(KeyOf(prefix), cancellationToken)).Max(CountOf);

    /// <summary>Writes it.</summary>
    public async Task WriteAsync(string prefix, long epoch, CancellationToken cancellationToken)
    {
        var key = KeyOf(prefix);
        var value = string.Create(CultureInfo.InvariantCulture, $"{_instance}_{epoch}");
        var there = await ValuesAsync(key, cancellationToken);
        Demand(prefix, there);
        if (there.Count == 0) await lake.CreateLFTagAsync(new LFTag(key, [value]), cancellationToken);
        else if (there is not [var only] || only != value)
            await lake.UpdateLFTagAsync(key, there.Contains(value, StringComparer.Ordinal) ? [] : [value], [.. there.Where(v => v != value)], cancellationToken);
    }

    /// <summary>Takes it away, if it is ours.</summary>
    public async Task RemoveAsync(string prefix, CancellationToken cancellationToken)
    {
        var there = await ValuesAsync(KeyOf(prefix), cancellationToken);
        if (there.Count > 0 && there.All(v => CountOf(v) is not null)) await lake.DeleteLFTagAsync(KeyOf(prefix), cancellationToken);
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

    // Null: it is no count of this instance's.
    private long? CountOf(string value) =>
        value.StartsWith($"{_instance}_", StringComparison.Ordinal) && long.TryParse(value.AsSpan(_instance.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : null;
}
