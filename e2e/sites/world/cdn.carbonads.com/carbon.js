var ad = document.createElement("div"); ad.dataset.thirdParty = "carbon"; ad.style.cssText = "position:fixed;right:8px;top:80px;width:130px;height:160px;background:#fd8"; document.body.append(ad);
