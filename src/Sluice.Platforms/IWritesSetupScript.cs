using Sluice.Core.Payloads;

namespace Sluice.Platforms;

/// <summary>A platform whose service account is set up by a script that a person runs.</summary>
public interface IWritesSetupScript
{
    /// <summary>Reads the body of <c>POST /integrations/scripts/create</c> and writes the script; null after a problem in the payload's list.</summary>
    /// <param name="request">The whole body, <c>type</c> included.</param>
    string? WriteSetupScript(PayloadObject request);
}
