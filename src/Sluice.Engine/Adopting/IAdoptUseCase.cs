using System.Text.Json;
using Sluice.Core.Adopting;
using Sluice.Engine.Callers;

namespace Sluice.Engine.Adopting;

/// <summary>Drafts policies from what is granted on a platform before Sluice governs it.</summary>
public interface IAdoptUseCase
{
    /// <summary>The drafts of a connection (<c>{connection}</c>). Reads the platform and stores nothing.</summary>
    Task<Adoption> DraftAsync(JsonElement body, Caller caller, CancellationToken cancellationToken);
}
