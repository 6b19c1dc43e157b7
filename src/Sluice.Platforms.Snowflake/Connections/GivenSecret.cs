using Sluice.Core.Payloads;
using Sluice.Platforms.OAuth;

namespace Sluice.Platforms.Snowflake.Connections;

/// <summary>A secret as one object of a payload brings it.</summary>
/// <param name="Path">The JSON path of its member.</param>
/// <param name="Input">What stands there.</param>
/// <param name="IsPresent">Whether the member is there at all.</param>
internal sealed record GivenSecret(string Path, SecretInput Input, bool IsPresent)
{
    /// <summary>Whether it is the same secret as another, as far as that can be told without following references.</summary>
    /// <param name="other">The other.</param>
    /// <param name="isKey">Whether it is a private key, whose line ends have several spellings.</param>
    public bool Agrees(GivenSecret other, bool isKey) => (Input, other.Input) switch
    {
        (SecretInput.Literal a, SecretInput.Literal b) =>
            isKey ? PrivateKeyPem.Normalize(a.Value) == PrivateKeyPem.Normalize(b.Value) : a.Value == b.Value,
        (SecretInput.Reference a, SecretInput.Reference b) => a.Source == b.Source,
        _ => true,
    };
}
