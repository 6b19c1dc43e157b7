namespace Sluice.Core.Access;

/// <summary>What tells an audience: a digest of its normalised rule, 40 hexadecimal digits in lower case; the same on every instance and at every time.</summary>
/// <param name="Value">The digits.</param>
public readonly record struct AudienceId(string Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value;
}
