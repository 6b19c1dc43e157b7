namespace Sluice.Platforms.LakeFormation.Wire;

/// <summary>An LF-Tag's key with some of its values.</summary>
internal sealed record LFTag(string Key, string[] Values);
