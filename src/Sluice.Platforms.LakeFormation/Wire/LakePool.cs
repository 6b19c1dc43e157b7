using Sluice.Core.Catalog;

namespace Sluice.Platforms.LakeFormation.Wire;

/// <summary>Keeps tags too: a million columns carry a few hundred.</summary>
internal sealed class LakePool : TextPool
{
    private readonly ObjectTag?[] _tags = new ObjectTag?[Slots];
    private readonly LFTag?[] _singles = new LFTag?[Slots];

    /// <summary>A tag of pooled strings.</summary>
    public ObjectTag Tag(string? column, string key, string value, bool inherited)
    {
        ref var slot = ref _tags[Slot(column, key, value, inherited)];
        if (slot is { } pooled && pooled.Column == column && pooled.Key == key && pooled.Value == value && pooled.Inherited == inherited)
            return pooled;
        return slot = new ObjectTag(column, key, value, inherited);
    }

    /// <summary>An LF-Tag with one value, which is what resources carry.</summary>
    public LFTag SingleTag(string key, string value)
    {
        ref var slot = ref _singles[Slot(key, value, null, false)];
        if (slot is { } pooled && pooled.Key == key && pooled.Values[0] == value) return pooled;
        return slot = new LFTag(key, [value]);
    }
}
